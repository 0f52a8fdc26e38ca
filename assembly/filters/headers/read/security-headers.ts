import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { canonicalName } from "filterwright/assembly/filters/headers/names";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { WriteKind, newWriteOf } from "filterwright/assembly/filters/headers/operations/write";
import { readShort } from "filterwright/assembly/filters/headers/read/operations";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { fixedTemplate } from "filterwright/assembly/filters/headers/values/template";
import { indexOfWord, wordAt } from "filterwright/assembly/text/words";

/** `preset: recommended`. */
const NAMES =
  "strict-transport-security, x-content-type-options, x-frame-options, referrer-policy, cross-origin-opener-policy, cross-origin-resource-policy, x-permitted-cross-domain-policies";
const VALUES = "max-age=31536000; includeSubDomains, nosniff, DENY, no-referrer, same-origin, same-origin, none";

/** Reads `{preset: recommended, disable: [NAME, ...], NAME: VALUE, ...}`. */
export function readSecurityHeaders(value: Value, operations: Operation[], side: Side): void {
  if (value.kind != ValueKind.Object) return side.problems.addExpected(value, "an object");
  const own: Operation[] = [];
  let preset: Value | null = null;
  let disabled: Value[] = [];
  for (let i = 0; i < value.items.length; i++) {
    const item = value.items[i];
    if (item.key == "preset") {
      if (item.kind == ValueKind.String && item.text == "recommended") preset = item;
      else side.problems.addExpected(item, "recommended");
    } else if (item.key == "disable") disabled = readDisabled(item, side);
    else {
      side.onceOnly(item);
      own.push(readShort(item, WriteKind.AddIfAbsent, side));
    }
  }
  for (let i = 0; preset !== null; i++) {
    const name = wordAt(NAMES, i);
    if (name.length == 0) break;
    if (hasName(disabled, name) || hasName(value.items, name)) continue;
    side.notDenied(preset, name);
    const text = fixedTemplate(wordAt(VALUES, i));
    operations.push(newWriteOf(WriteKind.AddIfAbsent, new HeaderName(name), text));
  }
  for (let i = 0; i < own.length; i++) operations.push(own[i]);
}

/** Whether one of some values is a name, or has it for a key. */
function hasName(values: Value[], name: string): bool {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (canonicalName(value.index < 0 ? value.key : value.text, false) == name) return true;
  }
  return false;
}

function readDisabled(value: Value, side: Side): Value[] {
  if (value.kind != ValueKind.Array) side.problems.addExpected(value, "an array");
  for (let i = 0; i < value.items.length; i++) {
    const item = value.items[i];
    if (item.kind != ValueKind.String || indexOfWord(NAMES, canonicalName(item.text, false)) < 0) {
      side.problems.addExpected(item, "one of " + NAMES);
    }
  }
  return value.items;
}
