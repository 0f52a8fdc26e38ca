import type { Condition, Match, Operation, Write } from "../document.ts";
import { headerName, nameToRemove, nameToWrite, type Side } from "../header-names.ts";
import { describe, Place } from "../place.ts";
import { isHeaderText } from "../values.ts";
import { readText, readValue, type Value } from "./pattern.ts";

export const OPERATES = ["remove", "rename", "replace", "add", "append", "map", "dedupe"] as const;

const WRITES = { replace: "set", add: "addIfAbsent", append: "add" } as const satisfies Record<string, Write>;
/** Where each has its value. */
export const VALUE_KEYS = { replace: "newValue", add: "value", append: "appendValue" } as const;

const PATH_KEPT = "beside querys: Higress puts the path back that the request came with";
const HOST_KEPT = "where _match_domain_ decides: rules behind this one would look at the new host";

/** What a rule does, and under which condition beside its matches. */
interface Step {
  operations: Operation[];
  conditions: Condition[];
}

/** Adds rules for the headers of one side: one, but for what a pattern decides, which takes a rule for each outcome. */
export function addHeaderRules(rules: Place[], side: Side, name: string, matches: Match[]): void {
  const reader = new HeaderReader(side, {
    ...(rules.some((rule) => rule.list("querys").length > 0) && { ":path": PATH_KEPT }),
    ...(matches.some(({ hostnames }) => hostnames) && { ":authority": HOST_KEPT }),
  });
  let plain: Operation[] = [];
  const flush = (draft: Place["draft"]) => {
    draft.addRule(`${name}-${side}`, { ...(matches.length > 0 && { matches }), [side]: plain });
    plain = [];
  };
  for (const rule of rules) {
    const operate = readOperate(rule);
    for (const item of operate === undefined ? [] : rule.list("headers")) {
      for (const { operations, conditions } of reader.read(rule, operate!, item)) {
        if (conditions.length === 0) {
          plain.push(...operations);
          continue;
        }
        flush(rule.draft);
        const entries = (matches.length > 0 ? matches : [{}]).map((match) => ({ ...match, headers: conditions }));
        rule.draft.addRule(`${name}-${side}`, { matches: entries, [side]: operations });
      }
    }
  }
  if (rules[0]) flush(rules[0].draft);
}

export function readOperate(rule: Place): (typeof OPERATES)[number] | undefined {
  const text = rule.label("operate").toLowerCase();
  const operate = OPERATES.find((name) => name === text);
  if (operate === undefined) rule.refuse(`operate: expected one of ${OPERATES.join(", ")}, found ${describe(text)}`);
  return operate;
}

class HeaderReader {
  /** Headers of which dedupe may have left an empty list in Higress' hands, which counts as there. */
  private readonly emptied = new Set<string>();
  private writesTarget = false;

  private readonly side: Side;
  private readonly kept: { [name: string]: string };

  /** @param kept headers that may not be written here, and why */
  constructor(side: Side, kept: { [name: string]: string }) {
    this.side = side;
    this.kept = kept;
  }

  read(rule: Place, operate: (typeof OPERATES)[number], item: Place): Step[] {
    if (operate === "replace" || operate === "add" || operate === "append") return this.readWrite(operate, item);
    const operations = this.readOther(rule, operate, item);
    return operations.length > 0 ? [{ operations, conditions: [] }] : [];
  }

  private readWrite(operate: keyof typeof WRITES, item: Place): Step[] {
    if (!item.expectKeys(["key", VALUE_KEYS[operate], "host_pattern", "path_pattern", "value_type"])) return [];
    const name = this.key(item, "key", nameToWrite);
    const value = readValue(item, VALUE_KEYS[operate]);
    if (name === undefined || !value || !isHeaderText(item, value.plain)) return [];
    if (operate === "add" && this.isEmptied(item, name)) return [];
    if (value.matched && this.writesTarget && this.side === "request") {
      item.refuse(
        "a pattern behind a write to :authority or :path: Higress holds it against what came, ours against what is there",
      );
      return [];
    }
    if (name === ":authority" || name === ":path") this.writesTarget = true;
    return this.steps(operate, name, value);
  }

  private steps(operate: keyof typeof WRITES, name: string, { plain, matched }: Value): Step[] {
    const write = (value: string): Operation => {
      const mayBeEmpty = value === "" || /^(%CAPTURE\(\w+\)%)+$/.test(value);
      return { [WRITES[operate]]: { name, value, ...(mayBeEmpty && { keepEmptyValue: true }) } } as Operation;
    };
    if (!matched) return [{ operations: [write(plain)], conditions: [] }];
    const { template, condition } = matched;
    return [
      { operations: [write(template)], conditions: [condition] },
      { operations: [write(plain)], conditions: [{ ...condition, invert: true }] },
    ];
  }

  private readOther(rule: Place, operate: "remove" | "rename" | "map" | "dedupe", item: Place): Operation[] {
    if (operate === "remove") {
      const name = item.expectKeys(["key"]) ? this.key(item, "key", nameToRemove) : undefined;
      return name === undefined ? [] : [{ remove: name }];
    }
    if (operate === "rename") return this.readRename(item);
    if (operate === "dedupe") return this.readDedupe(item);
    const source = rule.get("mapSource")?.value ?? "headers";
    if (source !== "headers") {
      rule.refuse(`mapSource ${describe(source)}: it may have several values, or is in a body`);
      return [];
    }
    if (!item.expectKeys(["fromKey", "toKey"])) return [];
    const from = this.key(item, "fromKey", headerName);
    const to = this.key(item, "toKey", nameToWrite);
    if (from === undefined || to === undefined || from === to || this.isEmptied(item, from)) return [];
    if (to === ":authority" || to === ":path") this.writesTarget = true;
    return [{ copy: { from, to } }];
  }

  private readRename(item: Place): Operation[] {
    if (!item.expectKeys(["oldKey", "newKey"])) return [];
    const from = this.key(item, "oldKey", nameToRemove);
    const to = this.key(item, "newKey", nameToWrite);
    if (from === undefined || to === undefined || this.isEmptied(item, from)) return [];
    if (from === to) {
      item.refuse("a header renamed to itself, which Higress removes: write remove");
      return [];
    }
    if (to.startsWith(":")) {
      item.refuse(`${to}: it would have two values`);
      return [];
    }
    return [{ rename: { from, to, onConflict: "append" } }];
  }

  private readDedupe(item: Place): Operation[] {
    if (!item.expectKeys(["key", "strategy"])) return [];
    const name = this.key(item, "key", nameToWrite);
    if (name === undefined) return [];
    const strategy = item.label("strategy").toUpperCase();
    if (strategy === "RETAIN_UNIQUE") this.emptied.add(name);
    if (strategy === "RETAIN_UNIQUE" || strategy === "RETAIN_LAST") return [{ dedupe: { name, strategy } }];
    // Any other name is the default's.
    const first: Operation = { dedupe: { name, strategy: "RETAIN_FIRST" } };
    const cut = { SPLIT_AND_RETAIN_FIRST: "(?s),.*", SPLIT_AND_RETAIN_LAST: "(?s)^.*," }[strategy];
    if (cut === undefined) return [first];
    return [first, { replace: { name, pattern: { regex: cut }, substitution: "", match: "first" } }];
  }

  private key(item: Place, key: string, read: (at: Place, side: Side) => string | undefined): string | undefined {
    const text = readText(item, key);
    if (text === undefined) return undefined;
    if (this.side === "request" && text.toLowerCase() === "host") {
      item.refuse("host: Higress has it as :authority, and makes a second one of this name: write :authority");
      return undefined;
    }
    const name = text.toLowerCase();
    if (this.side === "request" && Object.hasOwn(this.kept, name)) {
      item.refuse(`${name} ${this.kept[name]}`);
      return undefined;
    }
    return read(new Place(text, item.get(key)!.path, item.draft), this.side);
  }

  private isEmptied(item: Place, name: string): boolean {
    const is = this.emptied.has(name);
    if (is) item.refuse(`${name} behind its dedupe: where there is none, Higress takes it for there from then on`);
    return is;
  }
}
