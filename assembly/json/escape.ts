import { hexValue } from "filterwright/assembly/encoding/hex";
import { combine, isSurrogate } from "filterwright/assembly/text/utf8";

/** Bytes of the escape that `escapedAt` read last. */
export let escapeSize: usize = 0;

/**
 * The character that an escape of a JSON string stands for (RFC 8259 §7).
 *
 * @param at address of its backslash; behind that stands at least one byte
 * @param end where the string ends
 * @returns a negative number where the escape is unknown or cut off, or where a surrogate stands alone
 */
export function escapedAt(at: usize, end: usize): i32 {
  const c = <i32>load<u8>(at, 1);
  if (c != 0x75) {
    escapeSize = 2;
    return simpleEscape(c);
  }
  escapeSize = 6;
  const unit = hexUnit(at, end);
  if (!isSurrogate(unit)) return unit;
  escapeSize = 12;
  const low = hexUnit(at + 6, end);
  return unit < 0xdc00 && (low & ~0x3ff) == 0xdc00 ? combine(unit, low) : -1;
}

function simpleEscape(c: i32): i32 {
  switch (c) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
      return c;
    case 0x62: // b
      return 0x08;
    case 0x66: // f
      return 0x0c;
    case 0x6e: // n
      return 0x0a;
    case 0x72: // r
      return 0x0d;
    case 0x74: // t
      return 0x09;
    default:
      return -1;
  }
}

/** The UTF-16 unit that a backslash, a u and four hexadecimal digits are; negative where they are none. */
function hexUnit(at: usize, end: usize): i32 {
  if (at + 6 > end || load<u16>(at) != 0x755c) return -1;
  let unit = 0;
  // What is no digit is -1, and leaves a sign that stays.
  for (let i = 2; i < 6; i++) unit = (unit << 4) | hexValue(load<u8>(at + i));
  return unit;
}
