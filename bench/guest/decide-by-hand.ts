// The deciding job by host calls alone: all lines are fetched once, looked through once, and decided on where they lie.

import "filterwright/assembly/runtime/abort";
import { proxy_remove_header_map_value, proxy_replace_header_map_value } from "@solo-io/proxy-runtime/assembly/imports";
import { Text, pairs } from "./raw";

export { malloc } from "./raw";

const authority = new Text(":authority");
const path = new Text(":path");
const user = new Text("x-user");
const forwarded = new Text("x-forwarded-for");
const tags = new Text("x-tags");
const internal = new Text("x-internal-");
const domain = new Text(".example.com");
const prefix = new Text("/api");
const tenant = new Text("x-tenant");
const tenantStart = new Text("tenant-");
const hop = new Text(", 10.0.0.1");

/** Where values are made, and what was found of the request: address and size of each. */
const made = memory.data(65_536, 8);
const found = memory.data(5 * 8, 8);
const AUTHORITY = found;
const PATH = found + 8;
const USER = found + 16;
const FORWARDED = found + 24;
const TAGS = found + 32;

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): i32 {
  const lines = pairs(0);
  look(lines);
  if (!isOfDomain() || !isForApi()) return 0;
  removeInternal(lines);

  let to = append(made, changetype<usize>(tenantStart.buffer), tenantStart.buffer.byteLength);
  to = append(to, load<usize>(USER), load<usize>(USER, 4));
  replace(tenant, made, to - made);

  to = append(made, load<usize>(FORWARDED), load<usize>(FORWARDED, 4));
  const skipped: usize = to == made ? 2 : 0;
  to = append(to, changetype<usize>(hop.buffer) + skipped, hop.buffer.byteLength - skipped);
  replace(forwarded, made, to - made);

  if (load<usize>(TAGS) != 0) replace(tags, made, unique(load<usize>(TAGS), load<usize>(TAGS, 4)));
  return 0;
}

function look(lines: usize): void {
  memory.fill(found, 0, 5 * 8);
  const count = load<u32>(lines);
  let at = lines + 4 + 8 * <usize>count;
  for (let entry = lines + 4, last = at; entry < last; entry += 8) {
    const nameSize = load<u32>(entry);
    const value = at + nameSize + 1;
    const size = load<u32>(entry, 4);
    if (nameSize == 5 && has(at, path)) keep(PATH, value, size);
    else if (nameSize == 6 && has(at, user)) keep(USER, value, size);
    else if (nameSize == 6 && has(at, tags)) keep(TAGS, value, size);
    else if (nameSize == 10 && has(at, authority)) keep(AUTHORITY, value, size);
    else if (nameSize == 15 && has(at, forwarded)) keep(FORWARDED, value, size);
    at = value + size + 1;
  }
}

function removeInternal(lines: usize): void {
  let at = lines + 4 + 8 * <usize>load<u32>(lines);
  for (let entry = lines + 4, last = at; entry < last; entry += 8) {
    const nameSize = load<u32>(entry);
    if (nameSize >= 11 && has(at, internal)) proxy_remove_header_map_value(0, at, nameSize);
    at += nameSize + load<u32>(entry, 4) + 2;
  }
}

function isOfDomain(): bool {
  const start = load<usize>(AUTHORITY);
  let size = load<usize>(AUTHORITY, 4);
  for (let i: usize = 0; i < size; i++) if (load<u8>(start + i) == 0x3a) size = i;
  return size > 12 && has(start + size - 12, domain);
}

function isForApi(): bool {
  const start = load<usize>(PATH);
  const size = load<usize>(PATH, 4);
  if (size < 4 || !has(start, prefix)) return false;
  return size == 4 || load<u8>(start + 4) == 0x2f || load<u8>(start + 4) == 0x3f;
}

/** Writes each element of a list once. @returns the size of what is made */
function unique(start: usize, size: usize): usize {
  const end = start + size;
  let to = made;
  while (start < end) {
    while (start < end && load<u8>(start) == 0x20) start++;
    let next = start;
    while (next < end && load<u8>(next) != 0x2c) next++;
    let last = next;
    while (last > start && load<u8>(last - 1) == 0x20) last--;
    if (last > start && !isMade(to, start, last - start)) {
      if (to > made) to = append(to, changetype<usize>(hop.buffer), 2);
      to = append(to, start, last - start);
    }
    start = next + 1;
  }
  return to - made;
}

/** Whether an element is in the list that is made up to there. */
function isMade(to: usize, start: usize, size: usize): bool {
  for (let at = made; at < to;) {
    let next = at;
    while (next < to && load<u8>(next) != 0x2c) next++;
    if (next - at == size && memory.compare(at, start, size) == 0) return true;
    at = next + 2;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function has(at: usize, text: Text): bool {
  return memory.compare(at, changetype<usize>(text.buffer), text.buffer.byteLength) == 0;
}

// @ts-ignore: decorator
@inline
function keep(slot: usize, start: usize, size: usize): void {
  store<usize>(slot, start);
  store<usize>(slot, size, 4);
}

function append(to: usize, from: usize, size: usize): usize {
  memory.copy(to, from, size);
  return to + size;
}

function replace(name: Text, value: usize, size: usize): void {
  proxy_replace_header_map_value(0, changetype<usize>(name.buffer), name.buffer.byteLength, value, size);
}
