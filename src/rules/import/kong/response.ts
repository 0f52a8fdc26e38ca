import type { Match, Operation } from "../document.ts";
import { nameToRemove, nameToWrite } from "../header-names.ts";
import { describe, type Place } from "../place.ts";
import { isLinear } from "../regex.ts";
import { isHeaderText, literal, trimmed } from "../values.ts";
import { type Entry, isHeaderName, readEntries, type Verb, VERBS } from "./entries.ts";
import type { Plugin } from "./find.ts";

/** Adds the rules of a response-transformer: one, or one for each list with an `if_status` of its own. */
export function addResponseRules({ at, name }: Plugin, matches: Match[]): void {
  const isAdvanced = name.endsWith("-advanced");
  const config = at.get("config");
  if (!config?.expectKeys([...VERBS, ...(isAdvanced ? ["allow", "transform", "dots_in_keys"] : [])])) return;
  for (const key of ["allow", "transform"])
    if (hasItems(config.get(key))) config.get(key)!.refuse("rules change no bodies, and run no Lua");
  const steps: { status: (number | string)[]; operations: Operation[] }[] = [];
  const touched = new Set<string>();
  for (const verb of VERBS) {
    const part = config.get(verb);
    const keys = ["json", "json_types", "headers", ...(isAdvanced ? ["if_status", "body"] : [])];
    if (!part?.expectKeys(keys)) continue;
    for (const key of ["json", "body"]) if (hasItems(part.get(key))) part.get(key)!.refuse("rules change no bodies");
    const entries = readEntries(part.list("headers"), verb !== "remove");
    const operations = entries.flatMap((entry) => readHeader(verb, entry, isAdvanced, touched) ?? []);
    const status = readStatus(part.list("if_status"));
    if (status === undefined || operations.length === 0) continue;
    const before = steps.at(-1);
    if (before && JSON.stringify(before.status) === JSON.stringify(status)) before.operations.push(...operations);
    else steps.push({ status, operations });
  }
  for (const { status, operations: response } of steps) {
    const entries = matches.length > 0 || status.length === 0 ? matches : [{}];
    const own = entries.map((match) => ({ ...match, ...(status.length > 0 && { response: { status } }) }));
    at.draft.addRule(`${at.path}-${name}`, { ...(own.length > 0 && { matches: own }), response });
  }
}

/** @param touched headers that a step before may have added or removed */
function readHeader(verb: Verb, entry: Entry, isAdvanced: boolean, touched: Set<string>): Operation | undefined {
  const { at, value = "" } = entry;
  const name = entry.name.toLowerCase();
  const to = value.toLowerCase();
  if (!isHeaderName(entry) || (verb === "rename" && !isHeaderName(entry, value))) return undefined;
  // Kong looks at the response as it came, in each step; ours at what the steps before left of it.
  if (["rename", "replace", "add"].includes(verb) && touched.has(name)) {
    at.refuse(`${name}: Kong asks whether the response came with it, ours whether it has it after the entries above`);
    return undefined;
  }
  if (verb !== "replace") touched.add(name);
  if (verb === "rename") touched.add(to);
  if (verb === "remove") return readRemove(at, name, isAdvanced ? value : "");
  if (verb === "rename") {
    if (name === to) at.refuse("a header renamed to itself, which Kong removes: write remove");
    else if (nameToRemove(at, "response", name) !== undefined && nameToWrite(at, "response", to) !== undefined)
      return { rename: { from: name, to } };
    return undefined;
  }
  if (nameToWrite(at, "response", name) === undefined || !isHeaderText(at, value)) return undefined;
  if (/\$\(.*\)/.test(value)) {
    if (isAdvanced) at.refuse("a template of response-transformer-advanced, of which the documentation says nothing");
    else at.draft.note(`${at.path}: response-transformer fills nothing in: $(...) is plain text, and written as such`);
    if (isAdvanced) return undefined;
  }
  const write = { name, value: literal(trimmed(value)) };
  if (verb === "replace") return { setIfPresent: write };
  return verb === "add" ? { addIfAbsent: write } : { add: write };
}

/** @param value of the advanced form: a line's value, or an expression between slashes that is searched for in it */
function readRemove(at: Place, name: string, value: string): Operation | undefined {
  if (nameToRemove(at, "response", name) === undefined) return undefined;
  if (value === "") return { remove: name };
  const [, regex] = /^\/([^]*)\/$/.exec(value) ?? [];
  at.draft.note(
    "remove NAME:VALUE: read as: the lines of NAME whose whole value is VALUE, or in which /VALUE/ is found",
  );
  if (regex === undefined) return { remove: { name, value: { exact: trimmed(value) } } };
  return isLinear(at, regex) ? { remove: { name, value: { regex: `(?s:.*)(?:${regex})(?s:.*)` } } } : undefined;
}

function readStatus(list: Place[]): (number | string)[] | undefined {
  const codes = list.map((item) => {
    const text = typeof item.value === "number" ? `${item.value}` : item.value;
    if (typeof text !== "string") return void item.refuse(`expected a status, found ${describe(text)}`);
    const isCode = /^[1-5]\d\d(-[1-5]\d\d)?$/.test(text);
    if (!isCode) item.refuse("expected a status such as 503, or a range such as 500-599");
    return isCode ? (text.includes("-") ? text : Number(text)) : undefined;
  });
  // Without one of them the rule would say another thing.
  return codes.includes(undefined) ? undefined : (codes as (number | string)[]);
}

/** Whether there is something in it: an empty list is what Kong writes for none. */
function hasItems(at: Place | undefined): boolean {
  if (!at) return false;
  if (Array.isArray(at.value)) return at.value.length > 0;
  return at.isObject ? Object.keys(at.value as object).some((key) => hasItems(at.get(key))) : true;
}
