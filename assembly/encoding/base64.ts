import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// Base 64: with padding (RFC 4648 §4), and the one for URLs and JWTs without it (§5). Decoding is strict: no white space, no
// digits of the other alphabet, padding where it belongs and only there, no bits set that stand for nothing (§3.5). So two
// texts never give the same bytes, and none slips by what compares texts (§12).

/** The digits 62 and 63, low byte first: `+/` and `-_`. */
const STANDARD: u32 = 0x2f2b;
const URL: u32 = 0x5f2d;

export function encodeBase64(to: ByteWriter, start: usize, size: i32): void {
  encode(to, start, size, STANDARD, true);
}

export function encodeBase64Url(to: ByteWriter, start: usize, size: i32): void {
  encode(to, start, size, URL, false);
}

/** @returns false, and nothing is written, where the text is no such encoding */
export function decodeBase64(to: ByteWriter, start: usize, size: i32): bool {
  if (size % 4 != 0) return false;
  let digits = size;
  for (let i = 0; i < 2 && digits > 0 && load<u8>(start + digits - 1) == 0x3d; i++) digits--;
  return decode(to, start, digits, STANDARD);
}

/** @returns false, and nothing is written, where the text is no such encoding */
export function decodeBase64Url(to: ByteWriter, start: usize, size: i32): bool {
  return decode(to, start, size, URL);
}

function encode(to: ByteWriter, start: usize, size: i32, last: u32, isPadded: bool): void {
  let at = to.reserve(4 * ((size + 2) / 3));
  for (let left = size; left > 0; left -= 3, start += 3) {
    let bits = (<u32>load<u8>(start)) << 16;
    if (left > 1) bits |= (<u32>load<u8>(start, 1)) << 8;
    if (left > 2) bits |= <u32>load<u8>(start, 2);
    for (let i = 0; i < 4; i++, bits <<= 6) {
      if (i <= left) store<u8>(at++, digit((bits >> 18) & 63, last));
      else if (isPadded) store<u8>(at++, 0x3d);
    }
  }
  to.size = <i32>(at - to.start);
}

function decode(to: ByteWriter, start: usize, digits: i32, last: u32): bool {
  if (digits % 4 == 1) return false;
  let at = to.reserve(digits);
  let bits = 0;
  let count = 0;
  for (const end = start + digits; start < end; start++) {
    const value = valueOf(load<u8>(start), last);
    if (value < 0) return false;
    bits = (bits << 6) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    store<u8>(at++, bits >> count);
  }
  if ((bits & ((1 << count) - 1)) != 0) return false;
  to.size = <i32>(at - to.start);
  return true;
}

function digit(value: u32, last: u32): u32 {
  if (value < 26) return 0x41 + value;
  if (value < 52) return 0x61 - 26 + value;
  return value < 62 ? 0x30 - 52 + value : last >> ((value & 1) << 3);
}

function valueOf(digit: u32, last: u32): i32 {
  if (digit - 0x41 < 26) return digit - 0x41;
  if (digit - 0x61 < 26) return digit - 0x61 + 26;
  if (digit - 0x30 < 10) return digit - 0x30 + 52;
  return digit == (last & 0xff) ? 62 : digit == last >> 8 ? 63 : -1;
}
