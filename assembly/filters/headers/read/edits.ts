import { Fields } from "filterwright/assembly/document/fields";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Append } from "filterwright/assembly/filters/headers/operations/append";
import { Dedupe } from "filterwright/assembly/filters/headers/operations/dedupe";
import { Move } from "filterwright/assembly/filters/headers/operations/move";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { SetProperty } from "filterwright/assembly/filters/headers/operations/set-property";
import { Join, Split } from "filterwright/assembly/filters/headers/operations/split-join";
import { Write, WriteKind } from "filterwright/assembly/filters/headers/operations/write";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { readValues } from "filterwright/assembly/filters/headers/read/writes";
import { makeSource } from "filterwright/assembly/filters/headers/values/make-source";
import { Part, Template } from "filterwright/assembly/filters/headers/values/template";
import { isFieldValue } from "filterwright/assembly/http/field";
import { indexOfWord, wordAt } from "filterwright/assembly/text/words";

/** Reads `{name, value | values, separator, unique, ifPresent, scope}`. */
export function readAppend(value: Value, side: Side): Operation {
  const keys = "name, value, values, separator, unique, ifPresent, scope";
  const fields = side.fields(value, keys);
  const name = side.headerToWrite(fields);
  const separator = readSeparator(fields, ", ", side);
  if (separator.size > 0) refuseSetCookie(name, fields, side);
  const append = new Append(name, readValues(fields, side), separator);
  append.isUnique = fields.boolean("unique", false);
  append.ifPresent = fields.boolean("ifPresent", false);
  append.toEveryLine = fields.choice("scope", "lastLine, everyLine") == 1;
  return append;
}

/** Reads `{from, to, onConflict}`. @param keeps `copy`, and not `rename`: `from` may be `{query | cookie | attribute: X}`, too */
export function readMove(value: Value, keeps: bool, side: Side): Operation {
  const fields = side.fields(value, "from, to, onConflict");
  const from = fields.required("from", "a header name");
  const to = side.nameToWrite(fields.required("to", "a header name"));
  const onConflict = fields.choice("onConflict", "overwrite, append, skip");
  if (keeps && from !== null && from.kind == ValueKind.Object) {
    return new Write(WRITES[onConflict], to, [readSource(from, side)], false);
  }
  return new Move(keeps ? side.nameToRead(from) : side.nameToRemove(from), to, onConflict, keeps);
}

/** Reads `{query | cookie | attribute: X}`. */
function readSource(value: Value, side: Side): Template {
  const template = new Template();
  const fields = side.fields(value, SOURCES);
  if (value.items.length != 1) side.problems.addExpected(value, "one of " + SOURCES);
  for (let i = 0; i < value.items.length; i++) {
    const key = value.items[i].key;
    const index = indexOfWord(SOURCES, key);
    if (index < 0) continue; // told as an unknown key
    const argument = fields.string(key, "");
    const operator = wordAt(OPERATORS, index);
    const source = makeSource(operator, argument, side);
    if (source !== null) template.parts.push(new Part(source, operator, argument));
    else side.problems.add(value, "expected " + side.expected);
  }
  return template;
}

/** What a copy to a header that is there comes to: in the order of `onConflict`. */
const WRITES = [WriteKind.Set, WriteKind.Add, WriteKind.AddIfAbsent];
const SOURCES = "query, cookie, attribute";
/** What each stands for in a template. */
const OPERATORS = "QUERY_PARAM, COOKIE, ATTR";

/** Reads `{key, value}`. */
export function readSetProperty(value: Value, side: Side): Operation {
  const fields = side.fields(value, "key, value");
  const key = fields.required("key", "a name");
  const template = side.valueOf(fields);
  if (key !== null && !key.isText) side.problems.addExpected(key, "a name");
  side.needs.setProperty = true;
  return new SetProperty(key === null ? "" : key.text, template);
}

/** Reads `{name, strategy, scope}`. */
export function readDedupe(value: Value, side: Side): Operation {
  const fields = side.fields(value, "name, strategy, scope");
  const name = side.headerToWrite(fields);
  const retain = fields.choice("strategy", "RETAIN_FIRST, RETAIN_LAST, RETAIN_UNIQUE");
  const inElements = fields.choice("scope", "line, element") == 1;
  if (inElements) refuseSetCookie(name, fields, side);
  return new Dedupe(name, retain, inElements);
}

/** Reads `{name, separator}`. */
export function readSplit(value: Value, side: Side): Operation {
  const fields = side.fields(value, "name, separator");
  const name = side.headerToWrite(fields);
  const separator = readSeparator(fields, ",", side);
  const text = fields.get("separator");
  if (text !== null && text.kind == ValueKind.String && separator.size == 0) {
    side.problems.addExpected(text, "a text between elements");
  }
  refuseSetCookie(name, fields, side);
  return new Split(name, separator);
}

/** Reads `{name, separator}`. */
export function readJoin(value: Value, side: Side): Operation {
  const fields = side.fields(value, "name, separator");
  const name = side.headerToWrite(fields);
  refuseSetCookie(name, fields, side);
  return new Join(name, readSeparator(fields, ", ", side));
}

function readSeparator(fields: Fields, otherwise: string, side: Side): Bytes {
  const text = fields.string("separator", otherwise);
  if (!isFieldValue(text)) side.problems.addExpected(fields.get("separator")!, "a text without control characters");
  return new Bytes(text);
}

/** RFC 6265 section 3: a comma in it parts nothing, so that two lines never become one, nor one two. */
function refuseSetCookie(name: HeaderName, fields: Fields, side: Side): void {
  if (name.text == "set-cookie") {
    side.problems.add(fields.get("name")!, "set-cookie has one cookie a line: lines are neither joined nor split");
  }
}
