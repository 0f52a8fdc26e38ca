import type { Match } from "../document.ts";
import { describe } from "../place.ts";
import type { Scoped } from "./unwrap.ts";

/** Which requests a configuration is for; undefined where ours cannot say it, which is refused then. */
export function readScope({ at, scope }: Scoped): Match | undefined {
  const { routes, domains, other } = scope;
  const given = [routes, domains, other].filter((place) => place !== undefined);
  if (other) other.refuse("rules have no such condition: they know routes and hosts");
  else if (given.length !== 1) at.refuse(`expected routes or domains that it is for, found ${given.length} of them`);
  if (other || given.length !== 1) return undefined;
  const items = given[0]!.items().map((item) => ({ item, text: item.text() }));
  if (items.length === 0 && Array.isArray(given[0]!.value)) given[0]!.refuse("expected some names");
  if (items.length === 0 || items.some(({ text }) => text === undefined)) return undefined;
  const texts = items.map(({ text }) => text!);
  if (routes) {
    at.draft.note("routeNames: Envoy's routes must have the names that the configuration has");
    return { routeNames: texts };
  }
  if (texts.includes("*")) return {};
  const odd = items.filter(({ text }) => !/^(\*\.)?[^*]+$/.test(text!));
  for (const { item, text } of odd) item.refuse(`expected a host, or *. and a host, found ${describe(text)}`);
  return odd.length > 0 ? undefined : { hostnames: texts };
}
