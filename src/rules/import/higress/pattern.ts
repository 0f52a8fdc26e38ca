import type { Condition } from "../document.ts";
import type { Place } from "../place.ts";
import { groupsOf, isAnchored, isLinear } from "../regex.ts";
import { literal } from "../values.ts";

/** A value of replace, add or append: one text, or one where a pattern matches and another where it does not. */
export interface Value {
  /** As it stands, `$1` and all: what Higress writes where the pattern does not match, or where there is none. */
  plain: string;
  matched?: { template: string; condition: Condition };
}

const KEYS = { host_pattern: "host", path_pattern: ":path" } as const;

/**
 * Reads a value with its `host_pattern` or `path_pattern`, which Higress searches in the request's host (with its port) or path
 * (with its query), to put in its place what the value makes of it. That is the value alone where the pattern is anchored.
 */
export function readValue(item: Place, key: string): Value | undefined {
  const text = readText(item, key);
  if (text === undefined) return undefined;
  const plain = literal(text);
  const kind = (["host_pattern", "path_pattern"] as const).find(
    (name) => item.get(name) && item.get(name)!.value !== "",
  );
  if (kind === undefined) return { plain };
  if (kind === "host_pattern" && item.get("path_pattern"))
    item.draft.note(`${item.path}.path_pattern: left out, host_pattern goes before it`);
  const at = item.get(kind)!;
  const pattern = at.text();
  if (pattern === undefined || !isLinear(at, pattern)) return undefined;
  if (!isAnchored(pattern)) {
    at.refuse("a pattern that is not ^...$: what it does not match stays in the value, which rules cannot say");
    return undefined;
  }
  const template = expanded(text, groupsOf(pattern));
  if (template === plain) return { plain };
  return { plain, matched: { template, condition: { name: KEYS[kind], type: "RegularExpression", value: pattern } } };
}

/** A text, which may stand there as a number or a boolean: Higress takes them for text. */
export function readText(item: Place, key: string): string | undefined {
  const { value } = item.get(key) ?? {};
  if (value === undefined) {
    item.refuse(`expected ${key}`);
    return undefined;
  }
  if (typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  item.get(key)!.refuse("expected a text: put it in quotes");
  return undefined;
}

/** Go's `Regexp.Expand`: `$1`, `${1}`, `$name`, `$$`; a group that is not there is empty. */
function expanded(text: string, groups: string[]): string {
  return text
    .split(/(\$\$|\$\{\w+\}|\$\w+)/)
    .map((part, index) => {
      if (index % 2 === 0) return literal(part);
      if (part === "$$") return "$";
      const group = part.replace(/\W/g, "");
      const isThere = /^\d+$/.test(group) ? Number(group) <= groups.length : groups.includes(group);
      return isThere ? `%CAPTURE(${/^\d+$/.test(group) ? Number(group) : group})%` : "";
    })
    .join("");
}
