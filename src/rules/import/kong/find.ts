import type { Place } from "../place.ts";

/** A plugin of Kong's, and what it is for. */
export interface Plugin {
  name: string;
  at: Place;
  /** The names of Kong's routes whose requests it runs on; undefined: all that no other plugin of the name is for. */
  routes: string[] | undefined;
  /** How closely it is bound: a route's goes before a service's, that before a global one. */
  rank: 0 | 1 | 2;
}

interface Route {
  at: Place;
  name: string | undefined;
  service: unknown;
}

/** Every plugin of a document, transformer or not. */
export function findPlugins(document: Place): Plugin[] {
  if (Array.isArray(document.value)) return document.items().flatMap((at) => global(at));
  if (["KongPlugin", "KongClusterPlugin"].includes(document.get("kind")?.value as string)) {
    document.draft.note("a KongPlugin runs where an Ingress or Service names it; the rules run on every request");
    return global(document, "plugin");
  }
  if (document.get("name") && document.get("config")) return global(document);
  if (!document.isObject) {
    document.expectKeys([]);
    return [];
  }
  const services = document.list("services");
  const routes: Route[] = document.list("routes").map((at) => route(at, at.get("service")?.value));
  for (const service of services)
    for (const at of service.list("routes"))
      routes.push(route(at, service.get("name")?.value ?? service.get("id")?.value));
  const isOf = (service: Place) => (of: Route) =>
    ["name", "id"].some((key) => service.get(key) !== undefined && isSame(of.service, service.get(key)!.value));

  const found = document.list("plugins").flatMap((at) => {
    const name = nameOf(at);
    if (name === undefined) return [];
    const routeKey = at.get("route")?.value;
    const serviceKey = at.get("service")?.value;
    if (routeKey !== undefined && serviceKey !== undefined) {
      at.refuse("bound to a route and a service at once");
      return [];
    }
    if (routeKey !== undefined)
      return ofRoutes(
        name,
        at,
        routes.filter((of) => isNamed(of.at, routeKey)),
        2,
      );
    if (serviceKey === undefined) return [{ name, at, routes: undefined, rank: 0 as const }];
    const service = services.find((candidate) => isNamed(candidate, serviceKey));
    return ofRoutes(name, at, service ? routes.filter(isOf(service)) : [], 1);
  });
  for (const service of services) found.push(...nested(service, routes.filter(isOf(service)), 1));
  for (const of of routes) found.push(...nested(of.at, [of], 2));
  for (const key of ["consumers", "consumer_groups"])
    for (const consumer of document.list(key))
      for (const at of consumer.list("plugins"))
        if (/transformer/.test(at.label("name"))) at.refuse("a consumer's plugin: rules know no consumers");
  return found;
}

function global(at: Place, key = "name"): Plugin[] {
  const name = nameOf(at, key);
  return name === undefined ? [] : [{ name, at, routes: undefined, rank: 0 }];
}

function nested(owner: Place, routes: Route[], rank: 1 | 2): Plugin[] {
  return owner.list("plugins").flatMap((at) => {
    const name = nameOf(at);
    return name === undefined ? [] : ofRoutes(name, at, routes, rank);
  });
}

function ofRoutes(name: string, at: Place, routes: Route[], rank: 1 | 2): Plugin[] {
  if (!/^re(quest|sponse)-transformer/.test(name)) return [{ name, at, routes: [], rank }];
  const names = routes.flatMap((of) => of.name ?? []);
  if (names.length < routes.length || names.length === 0) {
    at.refuse(
      names.length < routes.length ? "for a route without a name: give it one" : "for a route that is not there",
    );
    return [];
  }
  at.draft.note("routeNames: Envoy's routes must have the names of Kong's");
  return [{ name, at, routes: names, rank }];
}

function nameOf(at: Place, key = "name"): string | undefined {
  return at.isObject ? at.need(key, "the plugin's name")?.text() : void at.expectKeys([]);
}

function route(at: Place, service: unknown): Route {
  const name = at.get("name")?.value;
  return { at, name: typeof name === "string" && name !== "" ? name : undefined, service };
}

function isNamed(at: Place, reference: unknown): boolean {
  return ["name", "id"].some((key) => at.get(key) !== undefined && isSame(reference, at.get(key)!.value));
}

/** @param reference a name, an id, or an object with one */
function isSame(reference: unknown, name: unknown): boolean {
  const { name: byName, id } = (typeof reference === "object" && reference !== null ? reference : {}) as Record<
    string,
    unknown
  >;
  return [reference, byName, id].includes(name);
}
