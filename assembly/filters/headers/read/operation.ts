import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { WriteKind } from "filterwright/assembly/filters/headers/operations/write";
import {
  readAppend,
  readDedupe,
  readJoin,
  readMove,
  readSetProperty,
  readSplit,
} from "filterwright/assembly/filters/headers/read/edits";
import { readCookie, readQuery, readSetCookie } from "filterwright/assembly/filters/headers/read/parameters";
import { readRemove, readRetain } from "filterwright/assembly/filters/headers/read/removals";
import { readReplace } from "filterwright/assembly/filters/headers/read/replace";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { readWrite } from "filterwright/assembly/filters/headers/read/writes";
import { quote } from "filterwright/assembly/text/format";

const NAMES =
  "set, add, addIfAbsent, setIfPresent, append, remove, retain, rename, copy, replace, dedupe, split, join, query, cookie, setCookie, setProperty";

/** Reads `{OPERATION: ...}`. @returns null where it is none, which was told then */
export function readOperation(value: Value, side: Side): Operation | null {
  if (value.kind != ValueKind.Object || value.items.length != 1) {
    side.problems.add(value, `expected an object with one key, the operation, found ${foundInstead(value)}`);
    return null;
  }
  const item = value.items[0];
  const name = item.key;
  if (name == "set") return readWrite(WriteKind.Set, item, side);
  if (name == "add") return readWrite(WriteKind.Add, item, side);
  if (name == "addIfAbsent") return readWrite(WriteKind.AddIfAbsent, item, side);
  if (name == "setIfPresent") return readWrite(WriteKind.SetIfPresent, item, side);
  if (name == "remove") return readRemove(item, side);
  if (name == "append") return readAppend(item, side);
  if (name == "rename") return readMove(item, false, side);
  if (name == "copy") return readMove(item, true, side);
  if (name == "replace") return readReplace(item, side);
  if (name == "dedupe") return readDedupe(item, side);
  if (name == "split") return readSplit(item, side);
  if (name == "join") return readJoin(item, side);
  if (name == "query") return readQuery(item, side);
  if (name == "cookie") return readCookie(item, side);
  if (name == "setCookie") return readSetCookie(item, side);
  if (name == "setProperty") return readSetProperty(item, side);
  if (name == "retain") return readRetain(item, side);
  side.problems.add(value, `expected one of ${NAMES}, found the key ${quote(name)}`);
  return null;
}

function foundInstead(value: Value): string {
  return value.kind == ValueKind.Object ? `one with ${value.items.length}` : value.describe();
}
