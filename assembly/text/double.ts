import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** 2^63: from here on a number is too large for an integer of 64 bits. */
const TOO_LARGE: f64 = 9223372036854775808.0;
/** 2^53: up to here every whole number is one. */
const EXACT: f64 = 9007199254740992.0;

/**
 * Writes a number in decimal digits, without an exponent: as few behind the point as give the number back when they are read.
 * The standard library's way is several times as long. Of a number that would need more than 15 digits the last may differ.
 *
 * @returns false where it is none, or too large
 */
export function writeDouble(to: ByteWriter, value: f64): bool {
  const size = abs(value);
  if (!(size < TOO_LARGE)) return false;
  if (value < 0) to.byte(0x2d);
  let scale: f64 = 1;
  let digits = 0;
  // Both are exact as long as they are below 2^53, so that the division gives what reading these digits would.
  while (nearest(size * scale) / scale != size && size * scale * 10 < EXACT && digits < 18) {
    scale *= 10;
    digits++;
  }
  const scaled = <u64>nearest(size * scale);
  to.decimal(scaled / <u64>scale);
  if (digits == 0) return true;
  to.byte(0x2e);
  to.decimal(scaled % <u64>scale, digits);
  return true;
}
