import { Fields } from "filterwright/assembly/document/fields";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { EditCookies } from "filterwright/assembly/filters/headers/operations/edit-cookies";
import { EditQuery } from "filterwright/assembly/filters/headers/operations/edit-query";
import { CookieAttribute, EditSetCookie } from "filterwright/assembly/filters/headers/operations/edit-set-cookie";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Template, fixedTemplate } from "filterwright/assembly/filters/headers/values/template";
import { isFieldName } from "filterwright/assembly/http/field";
import { decimal } from "filterwright/assembly/text/format";
import { wordAt } from "filterwright/assembly/text/words";

/** Reads `{set | add: {name, value}, remove: [NAME, ...]}`. */
export function readQuery(value: Value, side: Side): Operation {
  onlyOfRequests(value, side);
  side.notDenied(value, ":path");
  const fields = side.fields(value, "set, add, remove");
  const removed = readRemoved(fields, false, side);
  const set = fields.get("set");
  const add = fields.get("add");
  if (set !== null && add !== null) side.problems.add(value, "expected either set or add");
  fields.expectSome();
  const pair = readPair(set === null ? add : set, false, side);
  // `set`: every other one of the name goes.
  if (set !== null && pair.name !== null) removed.push(pair.name!);
  return new EditQuery(removed, pair.name, pair.value);
}

/** Reads `{set: {name, value}, remove: [NAME, ...]}`. */
export function readCookie(value: Value, side: Side): Operation {
  onlyOfRequests(value, side);
  side.notDenied(value, "cookie");
  const fields = side.fields(value, "set, remove");
  const removed = readRemoved(fields, true, side);
  fields.expectSome();
  const pair = readPair(fields.get("set"), true, side);
  return new EditCookies(removed, pair.name, pair.value);
}

/** Reads `{name, value, attributes: {path, domain, maxAge, expires, secure, httpOnly, sameSite, partitioned}}`. */
export function readSetCookie(value: Value, side: Side): Operation {
  if (side.isRequest) side.problems.add(value, "setCookie is for responses, and not for requests: those have cookie");
  side.notDenied(value, "set-cookie");
  const fields = side.fields(value, "name, value, attributes");
  const name = cookieName(fields.required("name", "a cookie's name"), side);
  const text = fields.get("value");
  let template: Template | null = null;
  if (text !== null) template = cookieValue(text, side);
  const attributes: CookieAttribute[] = [];
  const given = fields.get("attributes");
  if (given !== null) readAttributes(given, attributes, side);
  if (fields.isObject && template === null && attributes.length == 0) {
    side.problems.add(value, "expected value, attributes, or both");
  }
  return new EditSetCookie(new Bytes(name), template, attributes);
}

const ATTRIBUTE_KEYS = "path, domain, maxAge, expires, secure, httpOnly, sameSite, partitioned";
/** As RFC 6265bis writes them. */
const ATTRIBUTE_NAMES = "Path, Domain, Max-Age, Expires, Secure, HttpOnly, SameSite, Partitioned";

function readAttributes(value: Value, attributes: CookieAttribute[], side: Side): void {
  const fields = side.fields(value, ATTRIBUTE_KEYS);
  for (let i = 0; ; i++) {
    const key = wordAt(ATTRIBUTE_KEYS, i);
    if (key.length == 0) break;
    const item = fields.get(key);
    if (item === null) continue;
    const isFlag = key == "secure" || key == "httpOnly" || key == "partitioned";
    let template: Template | null = null;
    if (key == "maxAge") template = fixedTemplate(decimal(fields.integer(key, 0, 0, 2147483647)));
    else if (key == "sameSite") template = fixedTemplate(wordAt(SAME_SITE, fields.choice(key, SAME_SITE)));
    else if (!isFlag) template = cookieValue(item, side);
    attributes.push(new CookieAttribute(wordAt(ATTRIBUTE_NAMES, i), template, isFlag && !fields.boolean(key, true)));
  }
}

const SAME_SITE = "Strict, Lax, None";

class Pair {
  name: Bytes | null = null;
  value: Template | null = null;
}

/** Reads `{name, value}`. @param value null where there is none */
function readPair(value: Value | null, isCookie: bool, side: Side): Pair {
  const pair = new Pair();
  if (value === null) return pair;
  const fields = side.fields(value, "name, value");
  const name = fields.required("name", "a name");
  pair.name = new Bytes(isCookie ? cookieName(name, side) : parameterName(name, side));
  const text = fields.required("value", "a value");
  pair.value = text === null ? new Template() : isCookie ? cookieValue(text, side) : side.template(text);
  return pair;
}

function readRemoved(fields: Fields, isCookie: bool, side: Side): Bytes[] {
  const removed: Bytes[] = [];
  const names = fields.array("remove");
  for (let i = 0; i < names.length; i++) {
    removed.push(new Bytes(isCookie ? cookieName(names[i], side) : parameterName(names[i], side)));
  }
  return removed;
}

/** RFC 6265 section 4.1.1: a token. @param at null where it is missing, which was told then */
function cookieName(at: Value | null, side: Side): string {
  if (at === null) return "";
  if (at.kind == ValueKind.String && isFieldName(at.text)) return at.text;
  side.problems.addExpected(at, "a cookie's name");
  return "";
}

/** A semicolon would begin an attribute, or another cookie (RFC 6265 §4.1.1): one that is known now is told now. */
function cookieValue(at: Value, side: Side): Template {
  const template = side.template(at);
  const text = template.text;
  if (text !== null && text.toString().includes(";")) side.problems.addExpected(at, "a value without a semicolon");
  return template;
}

function parameterName(at: Value | null, side: Side): string {
  if (at === null) return "";
  if (at.isText) return at.text;
  side.problems.addExpected(at, "a parameter's name");
  return "";
}

function onlyOfRequests(value: Value, side: Side): void {
  if (!side.isRequest) side.problems.add(value, value.key + " is for requests, and not for responses");
}
