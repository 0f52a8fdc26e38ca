// Gateway API's HTTPRoute: kubernetes-sigs/gateway-api, apis/v1/httproute_types.go.

import type { Match } from "../document.ts";
import type { Draft } from "../draft.ts";
import { Place } from "../place.ts";
import { readFilters, type Sides } from "./filters.ts";
import { readMatch } from "./match.ts";
import { byPrecedence, type Entry, type Route } from "./precedence.ts";

/** Kinds that come along in such files and say nothing of headers. */
const WITHOUT_HEADERS =
  /^(Gateway|GatewayClass|ReferenceGrant|Namespace|Service|ServiceAccount|Deployment|ConfigMap|Secret|Pod|TCPRoute|TLSRoute|UDPRoute|EnvoyProxy|BackendTLSPolicy)$/;

/** Reads HTTPRoutes. One rule of all of them wins a request: `firstMatch`, in Gateway API's order of precedence. */
export function readHttpRoutes(documents: unknown[], draft: Draft): void {
  const places = documents.map((document, index) => {
    return new Place(document, documents.length > 1 ? `document ${index + 1}` : "", draft);
  });
  const manifests = places.flatMap((place) => (place.get("kind")?.value === "List" ? place.list("items") : [place]));
  const routes = manifests.flatMap((manifest) => readRoute(manifest) ?? []);
  if (routes.length === 0 && draft.leftOut.length === 0)
    draft.refuse("the document", "expected an HTTPRoute, found none");
  draft.strategy = "firstMatch";
  const sides = new Map<Place, Sides>();
  const entries = routes.flatMap((route) => routeEntries(route, sides));
  addRules(draft, byPrecedence(entries), sides);
}

function readRoute(manifest: Place): Route | undefined {
  const kind = manifest.get("kind")?.value;
  if (kind !== "HTTPRoute") {
    if (typeof kind === "string" && WITHOUT_HEADERS.test(kind)) return undefined;
    manifest.refuse(`expected an HTTPRoute, found ${typeof kind === "string" ? kind : "no kind"}`);
    return undefined;
  }
  manifest.expectKeys(["apiVersion", "kind", "metadata", "spec", "status"]);
  const spec = manifest.need("spec", "the route");
  if (!spec?.expectKeys(["parentRefs", "useDefaultGateways", "hostnames", "rules"])) return undefined;
  const metadata = manifest.get("metadata");
  const created = metadata?.get("creationTimestamp")?.value;
  return {
    spec,
    name: metadata?.label("name") || "route",
    key: `${metadata?.label("namespace") ?? ""}/${metadata?.label("name") ?? ""}`,
    created: created instanceof Date || typeof created === "string" ? new Date(created).getTime() : NaN,
  };
}

function routeEntries(route: Route, sides: Map<Place, Sides>): Entry[] {
  const { spec } = route;
  const given = spec.list("hostnames");
  const hostnames = given.flatMap((hostname) => readHostname(hostname) ?? []);
  const entries = spec.list("rules").flatMap((rule, index) => {
    const keys = ["name", "matches", "filters", "backendRefs", "timeouts", "retry", "sessionPersistence"];
    if (!rule.expectKeys(keys)) return [];
    for (const backend of rule.list("backendRefs"))
      if (backend.list("filters").length > 0)
        backend.get("filters")!.refuse("filters of one backend: rules do not know which backend is chosen");
    sides.set(rule, readFilters(rule.list("filters")));
    const own = rule.list("matches");
    const matches = own.length === 0 ? [{}] : own.flatMap((match) => readMatch(match) ?? []);
    const label = rule.get("name")?.value;
    const name = `${route.name}-${typeof label === "string" ? label : `rule-${index}`}`;
    return (hostnames.length === 0 ? [undefined] : hostnames).flatMap((hostname) =>
      matches.map((match) => ({ route, rule, name, hostname, match })),
    );
  });
  // Where all of its hosts are mistaken, the route would match every host.
  return hostnames.length === 0 && given.length > 0 ? [] : entries;
}

function readHostname(at: Place): string | undefined {
  const hostname = at.text()?.toLowerCase();
  if (hostname === undefined || /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(hostname)) return hostname;
  at.refuse("expected a host name, or one with *. in front");
  return undefined;
}

/** Entries that follow each other and are of one rule become one rule of ours. */
function addRules(draft: Draft, entries: Entry[], sides: Map<Place, Sides>): void {
  const has = (entry: Entry) => Object.keys(sides.get(entry.rule)!).length > 0;
  // A rule without header filters wins its requests all the same, and keeps those behind it from them: it ends the search.
  const last = entries.findLastIndex(has);
  for (let start = 0; start <= last;) {
    const { rule, name } = entries[start]!;
    let end = start + 1;
    while (end <= last && entries[end]!.rule === rule) end++;
    const matches = merged(entries.slice(start, end));
    draft.rules.push({ name: draft.nameFor(name), ...(matches.length > 0 && { matches }), ...sides.get(rule) });
    start = end;
  }
}

/** @returns no entry where one of them matches everything */
function merged(entries: Entry[]): Match[] {
  const byMatch = new Map<string, Match>();
  for (const { hostname, match } of entries) {
    const key = JSON.stringify([hostname === undefined, match]);
    const hostnames = [...(byMatch.get(key)?.hostnames ?? []), ...(hostname === undefined ? [] : [hostname])];
    byMatch.set(key, { ...(hostnames.length > 0 && { hostnames }), ...match });
  }
  const matches = [...byMatch.values()];
  return matches.some((match) => Object.keys(match).length === 0) ? [] : matches;
}
