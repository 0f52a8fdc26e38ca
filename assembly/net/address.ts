import { hexValue } from "filterwright/assembly/encoding/hex";
import { findByte } from "filterwright/assembly/text/slice";

// IP addresses as text: IPv4 as four decimal numbers, IPv6 as RFC 4291 §2.2 has it in all three forms. Read, they are always
// 16 bytes, an IPv4 address as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2): so one comparison does for both.

const SIZE = 16;
/** Where an IPv4 address stands in the 16 bytes. */
const IPV4_AT = 12;

/**
 * Reads an address, with nothing around it.
 *
 * @param to where its 16 bytes go; on false there is garbage
 */
export function readAddress(start: usize, end: usize, to: usize): bool {
  if (findByte(0x3a, start, end) < end) return readIpv6(start, end, to);
  memory.fill(to, 0, IPV4_AT - 2);
  store<u16>(to, 0xffff, IPV4_AT - 2);
  return readIpv4(start, end, to + IPV4_AT);
}

/**
 * Reads the address of Envoy's `source.address`: `1.2.3.4:56`, `[::1]:56`; also without the port, and without the brackets
 * then. A zone (`fe80::1%eth0`) is left out. What is no IP address, such as a pipe's path, gives false.
 */
export function readEndpoint(start: usize, size: i32, to: usize): bool {
  const end = start + size;
  if (size > 0 && load<u8>(start) == 0x5b) {
    const close = findByte(0x5d, start, end);
    return isPort(close + 1, end) && readAddress(start + 1, findByte(0x25, start, close), to);
  }
  const colon = findByte(0x3a, start, end);
  const isIpv6 = findByte(0x3a, colon + 1, end) < end;
  if (isIpv6) return readAddress(start, findByte(0x25, start, end), to);
  return isPort(colon, end) && readAddress(start, colon, to);
}

/** True for nothing, and for a colon with digits behind it. */
function isPort(at: usize, end: usize): bool {
  if (at == end) return true;
  if (at > end || load<u8>(at) != 0x3a) return false;
  while (++at < end) if (<u8>(load<u8>(at) - 0x30) > 9) return false;
  return true;
}

function readIpv4(at: usize, end: usize, to: usize): bool {
  for (let i = 0; i < 4; i++, at++) {
    const first = at;
    let number = 0;
    for (; at < end && <u8>(load<u8>(at) - 0x30) <= 9 && at - first < 3; at++)
      number = 10 * number + load<u8>(at) - 0x30;
    const digits = at - first;
    // A leading zero once meant octal digits: 010 is 8 for some, 10 for others, and an address for neither here.
    if (digits == 0 || number > 255 || (digits > 1 && load<u8>(first) == 0x30)) return false;
    if (i == 3 ? at != end : at == end || load<u8>(at) != 0x2e) return false;
    store<u8>(to + i, number);
  }
  return true;
}

function readIpv6(at: usize, end: usize, to: usize): bool {
  memory.fill(to, 0, SIZE);
  let filled: i32 = 0;
  /** How much stands before `::`; -1 without one. */
  let gap: i32 = -1;
  if (at + 1 < end && load<u16>(at) == 0x3a3a) {
    gap = 0;
    at += 2;
  }
  while (at < end) {
    if (filled == SIZE) return false;
    let digits = 0;
    let group = 0;
    for (; at + digits < end && digits < 5; digits++) {
      const value = hexValue(load<u8>(at + digits));
      if (value < 0) break;
      group = (group << 4) | value;
    }
    const next = at + digits;
    if (next < end && load<u8>(next) == 0x2e) {
      if (filled > IPV4_AT || !readIpv4(at, end, to + filled)) return false;
      filled += 4;
      break;
    }
    if (digits == 0 || digits > 4) return false;
    store<u16>(to + filled, bswap<u16>(<u16>group));
    filled += 2;
    if (next == end) break;
    if (load<u8>(next) != 0x3a || next + 1 == end) return false;
    at = next + 1;
    if (load<u8>(at) != 0x3a) continue;
    if (gap >= 0) return false;
    gap = filled;
    at++;
  }
  if (gap < 0) return filled == SIZE;
  if (filled == SIZE) return false; // `::` stands for at least one group
  const behind = filled - gap;
  memory.copy(to + SIZE - behind, to + gap, behind);
  memory.fill(to + gap, 0, SIZE - filled);
  return true;
}
