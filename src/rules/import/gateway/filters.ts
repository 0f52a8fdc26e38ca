import type { MapForm, Pair, Rule } from "../document.ts";
import { nameToRemove, nameToWrite, type Side } from "../header-names.ts";
import { isNamePattern } from "../name-pattern.ts";
import type { Place } from "../place.ts";
import { isHeaderText, literal } from "../values.ts";

/** What a rule of a route does to headers. */
export type Sides = Pick<Rule, "request" | "response">;

const OTHERS = {
  RequestMirror: "rules send nothing",
  RequestRedirect: "rules answer nothing",
  URLRewrite: "rules rewrite no URL on a route's behalf: keep the filter in the HTTPRoute",
  CORS: "rules answer no preflight",
  ExternalAuth: "rules ask no other server",
  ExtensionRef: "what it refers to is not in this file",
};
const MODIFIERS: [type: string, side: Side][] = [
  ["RequestHeaderModifier", "request"],
  ["ResponseHeaderModifier", "response"],
];

/** Reads a rule's HTTPRouteFilters. */
export function readFilters(filters: Place[]): Sides {
  const sides: Sides = {};
  for (const filter of filters) {
    const type = filter.label("type");
    const [, side] = MODIFIERS.find(([name]) => name === type) ?? [];
    if (side === undefined) {
      const why = Object.hasOwn(OTHERS, type) ? OTHERS[type as keyof typeof OTHERS] : "an unknown type of filter";
      filter.refuse(`${type || "no type"}: ${why}`);
    } else if (sides[side]) filter.refuse(`a second ${type}: HTTPRoute allows one a rule`);
    else if (filter.expectKeys(["type", `${side}HeaderModifier`])) {
      const modifier = filter.need(`${side}HeaderModifier`, "what it does");
      const form = modifier && readModifier(modifier, side);
      if (form && Object.keys(form).length > 0) sides[side] = form;
    }
  }
  return sides;
}

/** Reads an HTTPHeaderFilter, with the two lists that Envoy Gateway adds. */
function readModifier(at: Place, side: Side): MapForm | undefined {
  if (!at.expectKeys(["set", "add", "addIfAbsent", "remove", "removeOnMatch"])) return undefined;
  const seen = new Set<string>();
  const isFirst = (item: Place, name: string) => {
    if (seen.has(name)) item.refuse(`a second action on ${name}: HTTPRoute allows one a header`);
    return !seen.has(name) && seen.add(name);
  };
  const pairs = (key: string): Pair[] =>
    at.list(key).flatMap((item) => {
      if (!item.expectKeys(["name", "value"])) return [];
      const nameAt = item.need("name", "a header's name");
      const name = nameAt && nameToWrite(nameAt, side);
      const valueAt = item.need("value", "a value");
      const text = valueAt?.text();
      if (name === undefined || text === undefined || !isHeaderText(valueAt!, text) || !isFirst(item, name)) return [];
      if (/%[A-Z_]+(\(.*\))?(:\d+)?%/.test(text))
        at.draft.note(
          `${valueAt!.path}: plain text to HTTPRoute, and written as such; gateways on Envoy may fill it in, for which each %% here must become %`,
        );
      return [{ name, value: literal(text) }];
    });
  const remove = at.list("remove").flatMap((item) => {
    const name = nameToRemove(item, side);
    return name !== undefined && isFirst(item, name) ? [name] : [];
  });
  const form: MapForm = {
    remove,
    removeOnMatch: at.list("removeOnMatch").flatMap((item) => readRemoval(item, side) ?? []),
    set: pairs("set"),
    addIfAbsent: pairs("addIfAbsent"),
    add: pairs("add"),
  };
  return Object.fromEntries(Object.entries(form).filter(([, list]) => (list as unknown[]).length > 0)) as MapForm;
}

/** Reads Envoy Gateway's StringMatch on a header's name. */
function readRemoval(at: Place, side: Side): NonNullable<MapForm["removeOnMatch"]>[number] | undefined {
  if (!at.expectKeys(["type", "value"])) return undefined;
  const type = at.choice("type", ["Exact", "Prefix", "Suffix", "RegularExpression"], "Exact");
  const valueAt = at.need("value", "what the name must be");
  const value = valueAt?.text();
  if (type === undefined || value === undefined) return undefined;
  if (type !== "RegularExpression" && value !== value.toLowerCase()) {
    valueAt!.refuse("capital letters: Envoy holds it against names in lower case, and it matches none");
    return undefined;
  }
  if (type === "Exact") return nameToRemove(valueAt!, side) === undefined ? undefined : { type, value };
  const kind = { Prefix: "prefix", Suffix: "suffix", RegularExpression: "regex" }[type] as
    "prefix" | "suffix" | "regex";
  return isNamePattern(valueAt!, kind, value, side) ? { type, value } : undefined;
}
