import type { Operation, Write } from "../document.ts";
import { nameToRemove, nameToWrite, type Side } from "../header-names.ts";
import type { Place } from "../place.ts";
import { isHeaderText, literal } from "../values.ts";
import { envoyTemplate } from "./operators.ts";
import { readRemoveOnMatch } from "./remove-on-match.ts";

export const ACTIONS = {
  APPEND_IF_EXISTS_OR_ADD: "add",
  ADD_IF_ABSENT: "addIfAbsent",
  OVERWRITE_IF_EXISTS_OR_ADD: "set",
  OVERWRITE_IF_EXISTS: "setIfPresent",
} as const satisfies Record<string, Write>;

export const ACTION_NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** Reads an `envoy.config.common.mutation_rules.v3.HeaderMutation`. */
export function readMutation(mutation: Place, side: Side): Operation | undefined {
  if (!mutation.expectKeys(["remove", "append", "remove_on_match", "regex_copy"])) return undefined;
  const actions = ["remove", "append", "remove_on_match", "regex_copy"].flatMap((key) => mutation.get(key) ?? []);
  const [action] = actions;
  if (actions.length !== 1 || !action) {
    mutation.refuse(`expected one of remove, append, remove_on_match, found ${actions.length} of them`);
    return undefined;
  }
  if (mutation.get("append")) return readAppend(action, side);
  if (mutation.get("remove_on_match")) return readRemoveOnMatch(action, side);
  if (mutation.get("regex_copy")) {
    action.refuse("not in Envoy 1.40, which our rules are held against: write copy and replace");
    return undefined;
  }
  const name = nameToRemove(action, side);
  return name === undefined ? undefined : { remove: name };
}

/** `envoy.config.core.v3.HeaderValueOption` */
function readAppend(append: Place, side: Side): Operation | undefined {
  if (!append.expectKeys(["header", "append", "append_action", "keep_empty_value"])) return undefined;
  const header = append.need("header", "a key and a value");
  if (!header?.expectKeys(["key", "value", "raw_value"])) return undefined;
  const verb = readAction(append);
  const key = header.need("key", "a header's name");
  const name = key && nameToWrite(key, side);
  const keepEmpty = append.boolean("keep_empty_value") === true;
  const value = readValue(header, side);
  if (verb === undefined || name === undefined || value === undefined) return undefined;
  if (value === "" && !keepEmpty) {
    header.draft.note(
      `${header.path}: left out, for its value is empty, and Envoy writes none without keep_empty_value`,
    );
    return undefined;
  }
  const write = { name, value, ...(keepEmpty && { keepEmptyValue: true as const }) };
  return { [verb]: write } as Operation;
}

/** `append_action`, or the bool that was before it. */
function readAction(append: Place): Write | undefined {
  const action = append.choice("append_action", ACTION_NAMES, "APPEND_IF_EXISTS_OR_ADD");
  const old = append.get("append");
  if (!old) return action && ACTIONS[action];
  if (append.get("append_action") && action !== "APPEND_IF_EXISTS_OR_ADD") {
    append.refuse("append and append_action together: Envoy takes one of them");
    return undefined;
  }
  // protobuf's JSON has the wrapped bool bare.
  const isAppended = append.boolean("append");
  return isAppended === undefined ? undefined : isAppended ? "add" : "set";
}

/** @returns a template; empty where there is no value */
function readValue(header: Place, side: Side): string | undefined {
  const value = header.get("value");
  const raw = header.get("raw_value");
  if (value && raw) {
    header.refuse("expected either value or raw_value");
    return undefined;
  }
  if (raw) return readRaw(raw);
  if (!value || value.value === "") return "";
  const text = value.text();
  return text !== undefined && isHeaderText(value, text) ? envoyTemplate(value, text, side) : undefined;
}

function readRaw(raw: Place): string | undefined {
  const text = raw.text();
  if (text === undefined) return undefined;
  const bytes = /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
  const decoded = bytes?.toString();
  if (decoded === undefined || !Buffer.from(decoded).equals(bytes!)) {
    raw.refuse(decoded === undefined ? "expected base64" : "bytes that are no UTF-8: a rules file is text");
    return undefined;
  }
  raw.draft.note(
    "raw_value: Envoy 1.40 writes nothing for it, though its API has it; what is written here are those bytes",
  );
  return isHeaderText(raw, decoded) ? literal(decoded) : undefined;
}
