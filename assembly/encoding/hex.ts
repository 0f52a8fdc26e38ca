import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// Base 16 (RFC 4648 §8).

/** Letters of digits from ten on: what is added to make `a` or `A` of ten. */
export const LOWER_CASE: u8 = 0x57;
export const UPPER_CASE: u8 = 0x37;

/** Writes each byte as two digits, in lower case. */
export function encodeHex(to: ByteWriter, start: usize, size: i32): void {
  let at = to.reserve(2 * size);
  to.size += 2 * size;
  for (const end = start + size; start < end; start++, at += 2) storeHex(at, load<u8>(start), LOWER_CASE);
}

/** Puts a byte as two digits at an address. */
export function storeHex(at: usize, byte: u8, letters: u8): void {
  store<u8>(at, hexDigit(byte >> 4, letters));
  store<u8>(at, hexDigit(byte & 15, letters), 1);
}

function hexDigit(value: u8, letters: u8): u8 {
  return value + (value < 10 ? 0x30 : letters);
}

/** What a digit of either case stands for; -1 for any other byte. */
export function hexValue(digit: i32): i32 {
  const value = digit - 0x30;
  if (<u32>value <= 9) return value;
  const letter = (digit | 0x20) - 0x57;
  return <u32>(letter - 10) <= 5 ? letter : -1;
}

/** The byte that the two digits at an address stand for; -1 where they are none. */
export function hexByteAt(at: usize): i32 {
  const high = hexValue(load<u8>(at));
  const low = hexValue(load<u8>(at, 1));
  return (high | low) < 0 ? -1 : (high << 4) | low;
}
