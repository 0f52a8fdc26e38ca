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
import { decimal, quote } from "filterwright/assembly/text/format";
import { indexOfWord } from "filterwright/assembly/text/words";

const NAMES =
  "set, add, addIfAbsent, setIfPresent, append, remove, retain, rename, copy, replace, dedupe, split, join, query, cookie, setCookie, setProperty";

/** Reads `{OPERATION: ...}`. @returns null where it is none, which was told then */
export function readOperation(value: Value, side: Side): Operation | null {
  if (value.kind != ValueKind.Object || value.items.length != 1) {
    side.problems.add(value, "expected an object with one key, the operation, found " + foundInstead(value));
    return null;
  }
  const item = value.items[0];
  const name = item.key;
  const index = indexOfWord(NAMES, name);
  switch (index) {
    case 0:
    case 1:
    case 2:
    case 3:
      return readWrite(<WriteKind>index, item, side);
    case 4:
      return readAppend(item, side);
    case 5:
      return readRemove(item, side);
    case 6:
      return readRetain(item, side);
    case 7:
    case 8:
      return readMove(item, name == "copy", side);
    case 9:
      return readReplace(item, side);
    case 10:
      return readDedupe(item, side);
    case 11:
      return readSplit(item, side);
    case 12:
      return readJoin(item, side);
    case 13:
      return readQuery(item, side);
    case 14:
      return readCookie(item, side);
    case 15:
      return readSetCookie(item, side);
    case 16:
      return readSetProperty(item, side);
  }
  side.problems.add(value, "expected one of " + NAMES + ", found the key " + quote(name));
  return null;
}

function foundInstead(value: Value): string {
  return value.kind == ValueKind.Object ? "one with " + decimal(value.items.length) : value.describe();
}
