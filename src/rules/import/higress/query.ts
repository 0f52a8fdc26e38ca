import type { Condition, Match, Operation } from "../document.ts";
import { QUERY_NOTE } from "../envoy/parameters.ts";
import type { Place } from "../place.ts";
import { readOperate, VALUE_KEYS } from "./headers.ts";
import { readText, readValue } from "./pattern.ts";

/** Adds a rule for each change of the query, which Higress makes behind all changes of headers. */
export function addQueryRules(rules: Place[], name: string, matches: Match[]): void {
  for (const rule of rules) {
    const items = rule.list("querys");
    const operate = items.length > 0 ? readOperate(rule) : undefined;
    if (operate === "rename" || operate === "map" || operate === "dedupe")
      rule.get("querys")!.refuse(`rules do not ${operate} query parameters: one may have several values`);
    else if (operate) for (const item of items) addRule(operate, item, name, matches);
  }
}

function addRule(operate: "remove" | "replace" | "add" | "append", item: Place, label: string, matches: Match[]): void {
  const { draft } = item;
  const add = (operation: Operation, conditions: Condition[] = []) => {
    draft.note(QUERY_NOTE);
    const entries = matches.length > 0 || conditions.length === 0 ? matches : [{}];
    const own = entries.map((match) => ({ ...match, ...(conditions.length > 0 && { queryParams: conditions }) }));
    draft.addRule(`${label}-query-${operate}`, { ...(own.length > 0 && { matches: own }), request: [operation] });
  };
  if (operate === "remove") {
    const name = item.expectKeys(["key"]) ? readText(item, "key") : undefined;
    if (name) add({ query: { remove: [name] } });
    return;
  }
  if (!item.expectKeys(["key", VALUE_KEYS[operate], "host_pattern", "path_pattern", "value_type"])) return;
  const name = readText(item, "key");
  const value = readValue(item, VALUE_KEYS[operate]);
  if (!name || !value) return;
  if (value.matched || value.plain === "") {
    item.refuse(
      value.matched ? "a query parameter made of the host or the path" : "an empty parameter: rules write none",
    );
    return;
  }
  const pair = { name, value: value.plain };
  if (operate === "append") add({ query: { add: pair } });
  else add({ query: { set: pair } }, operate === "add" ? [{ name, type: "Absent" }] : []);
}
