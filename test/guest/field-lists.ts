// Lets a test in Node go through lists in header fields and edit them.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { Cookies } from "filterwright/assembly/http/cookie";
import { Parameters } from "filterwright/assembly/http/parameters";
import { Query, appendParameter } from "filterwright/assembly/http/query";
import { SetCookie } from "filterwright/assembly/http/set-cookie";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

const cookies = new Cookies();
const setCookie = new SetCookie();
const query = new Query();

/** Writes each cookie's name, value and span with a zero behind each. */
export function listCookies(to: ByteWriter, start: usize, size: i32): void {
  cookies.begin(start, size);
  while (cookies.next()) writePart(to, cookies);
}

export function removeCookie(to: ByteWriter, start: usize, size: i32, name: usize, nameSize: i32): bool {
  cookies.begin(start, size);
  return cookies.writeWithout(to, name, nameSize);
}

export function putCookie(
  to: ByteWriter,
  start: usize,
  size: i32,
  name: usize,
  nameSize: i32,
  pair: usize,
  pairSize: i32,
): void {
  cookies.begin(start, size);
  cookies.writeWith(to, name, nameSize, pair, pairSize);
}

/** The cookie first, then its attributes. */
export function listSetCookie(to: ByteWriter, start: usize, size: i32): bool {
  if (!setCookie.begin(start, size)) return false;
  writePart(to, setCookie);
  while (setCookie.next()) writePart(to, setCookie);
  return true;
}

export function removeAttribute(to: ByteWriter, start: usize, size: i32, name: usize, nameSize: i32): bool {
  setCookie.begin(start, size);
  return setCookie.writeWithout(to, name, nameSize);
}

export function putAttribute(
  to: ByteWriter,
  start: usize,
  size: i32,
  name: usize,
  nameSize: i32,
  attribute: usize,
  attributeSize: i32,
): void {
  setCookie.begin(start, size);
  setCookie.writeWith(to, name, nameSize, attribute, attributeSize);
}

export function putValue(to: ByteWriter, start: usize, size: i32, value: usize, valueSize: i32): void {
  if (setCookie.begin(start, size)) setCookie.writeValue(to, value, valueSize);
}

export function listQuery(to: ByteWriter, start: usize, size: i32): i32 {
  query.begin(start, size);
  const pathSize = query.pathSize;
  while (query.next()) writePart(to, query);
  return pathSize;
}

export function removeParameter(to: ByteWriter, start: usize, size: i32, name: usize, nameSize: i32): bool {
  query.begin(start, size);
  return query.writeWithout(to, name, nameSize);
}

export function addParameter(
  to: ByteWriter,
  start: usize,
  size: i32,
  name: usize,
  nameSize: i32,
  value: usize,
  valueSize: i32,
): void {
  const before = to.size;
  to.bytes(start, size);
  appendParameter(to, before, name, nameSize, value, valueSize);
}

function writePart(to: ByteWriter, part: Parameters): void {
  to.bytes(part.nameStart, part.nameSize);
  to.byte(0);
  if (part.hasValue) to.byte(0x3d);
  to.bytes(part.valueStart, part.valueSize);
  to.byte(0);
  to.bytes(part.from, <i32>(part.to - part.from));
  to.byte(0);
}
