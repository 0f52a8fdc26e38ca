import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { RemoveMatching } from "filterwright/assembly/filters/headers/operations/remove-matching";
import { Remove } from "filterwright/assembly/filters/headers/operations/remove";
import { WriteKind, newWriteOf } from "filterwright/assembly/filters/headers/operations/write";
import { makeMatcher } from "filterwright/assembly/filters/headers/read/matcher";
import { readOperation } from "filterwright/assembly/filters/headers/read/operation";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { MatchKind } from "filterwright/assembly/filters/headers/text-matcher";

/** Reads a rule's `request` or `response`: a list of operations, or the map form. */
export function readOperations(value: Value, operations: Operation[], side: Side): void {
  if (value.kind == ValueKind.Object) readMap(value, operations, side);
  else if (value.kind != ValueKind.Array) side.problems.addExpected(value, "a list of operations, or an object");
  if (value.items.length == 0 && value.kind <= ValueKind.Array) side.problems.add(value, "expected some operations");
  for (let i = 0; value.kind == ValueKind.Array && i < value.items.length; i++) {
    const operation = readOperation(value.items[i], side);
    if (operation !== null) operations.push(operation);
  }
}

/**
 * Reads the map form, which is what Gateway API has, with what Envoy Gateway adds to it:
 * `{set, add, addIfAbsent: [{name, value}] or {NAME: VALUE}, remove: [NAME], removeOnMatch: [{type, value}]}`.
 */
function readMap(value: Value, operations: Operation[], side: Side): void {
  const fields = side.fields(value, "set, add, addIfAbsent, remove, removeOnMatch");
  const removed = fields.array("remove");
  for (let i = 0; i < removed.length; i++) operations.push(new Remove(side.nameToRemove(removed[i])));
  const matched = fields.array("removeOnMatch");
  for (let i = 0; i < matched.length; i++) readRemoveOnMatch(matched[i], operations, side);
  readPairs(fields.get("set"), WriteKind.Set, operations, side);
  readPairs(fields.get("addIfAbsent"), WriteKind.AddIfAbsent, operations, side);
  readPairs(fields.get("add"), WriteKind.Add, operations, side);
}

/** Reads `{type: Exact | Prefix | Suffix | RegularExpression, value}`. */
function readRemoveOnMatch(value: Value, operations: Operation[], side: Side): void {
  const fields = side.fields(value, "type, value");
  const type = fields.choice("type", "Exact, Prefix, Suffix, RegularExpression");
  const text = fields.required("value", "what a name must be");
  if (text === null) return;
  if (text.kind != ValueKind.String) return side.problems.addExpected(text, "a string");
  const kind = type == 3 ? MatchKind.Regex : <MatchKind>type;
  if (kind == MatchKind.Exact) operations.push(new Remove(side.nameToRemove(text)));
  else {
    operations.push(new RemoveMatching([makeMatcher(kind, text, true, side.problems)], false, side.forRemovals));
  }
}

function readPairs(value: Value | null, kind: WriteKind, operations: Operation[], side: Side): void {
  if (value === null) return;
  if (value.kind == ValueKind.Object) {
    for (let i = 0; i < value.items.length; i++) {
      operations.push(readShort(value.items[i], kind, side));
      side.onceOnly(value.items[i]);
    }
    return;
  }
  if (value.kind != ValueKind.Array) {
    return side.problems.addExpected(value, "a list of {name, value}, or an object {NAME: VALUE}");
  }
  for (let i = 0; i < value.items.length; i++) {
    const fields = side.fields(value.items[i], "name, value");
    const name = side.headerToWrite(fields);
    operations.push(newWriteOf(kind, name, side.valueOf(fields)));
  }
}

/** Reads `NAME: VALUE`. @param value whose key is the name */
export function readShort(value: Value, kind: WriteKind, side: Side): Operation {
  return newWriteOf(kind, side.keyToWrite(value), side.template(value));
}
