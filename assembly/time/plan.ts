import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// A time format as Envoy's `%START_TIME(FORMAT)%` takes it (source/common/common/utility.cc, DateFormatter; absl::FormatTime;
// behind them strftime of glibc in the C locale), always in UTC. It is planned once; its many conversions come down to few,
// each a percent sign and one byte:
//
//     Y G C y g  years      d e j  days       H I k l M S p P  time of day
//     m b B      months     a A u w  weekdays  U W V  weeks    s  seconds since 1970
//     1 to 9  so many digits of the fraction, * as many as it needs, . the same behind a point unless it is 0
//     %  a percent sign
//
// Not taken, though glibc does: flags and widths (`%-d`, `%10Y`), the `E` and `O` of other locales, more than nine digits. What
// Envoy passes on as it stands because nobody knows it, is a mistake here.

/** Those that are in a plan as they are in a format. */
const KEPT = "YGCygdejHIklMSpPmbBaAuwUWVs";

/** Writes the plan of a format. @returns false, and nothing is written, where it has an unknown conversion or a control character */
export function planTime(to: ByteWriter, start: usize, size: i32): bool {
  const before = to.size;
  const end = start + size;
  while (start < end) {
    const byte = byteAt(start, end);
    const planned = byte == 0x25 ? planConversion(to, start + 1, end) : i32(byte >= 0x20 || byte == 0x09);
    if (planned == 0) {
      to.truncate(before);
      return false;
    }
    if (byte != 0x25) to.byte(<u8>byte);
    start += planned;
  }
  return true;
}

/** @param at behind the percent sign @returns the size of the conversion with that sign, 0 for an unknown one */
function planConversion(to: ByteWriter, at: usize, end: usize): i32 {
  const c = byteAt(at, end);
  const next = byteAt(at + 1, end);
  switch (c) {
    case 0x25: {
      // Envoy looks for fractions and %s before all else: `%%f` is a percent sign and a fraction.
      const isShared = next == 0x73 || next == 0x66 || (isDigit(next) && byteAt(at + 2, end) == 0x66);
      return put(to, "%%", isShared ? 1 : 2);
    }
    case 0x66: // f
      return put(to, "%9", 2);
    case 0x45: // E
      return planExtension(to, next, byteAt(at + 2, end));
    case 0x3a: // :
      return planOffset(to, at, end);
    default:
      if (isDigit(c)) return next == 0x66 ? putDigits(to, "", c, 3) : 0;
      if (!isKept(c)) return put(to, expansionOf(c), 2);
      to.byte(0x25);
      to.byte(<u8>c);
      return 2;
  }
}

/** What an abbreviation stands for; empty for an unknown one. */
function expansionOf(c: i32): string {
  switch (c) {
    case 0x46: // F
      return "%Y-%m-%d";
    case 0x54: // T
    case 0x58: // X
      return "%H:%M:%S";
    case 0x52: // R
      return "%H:%M";
    case 0x72: // r
      return "%I:%M:%S %p";
    case 0x44: // D
    case 0x78: // x
      return "%m/%d/%y";
    case 0x63: // c
      return "%a %b %e %H:%M:%S %Y";
    case 0x68: // h
      return "%b";
    case 0x7a: // z
      return "+0000";
    case 0x5a: // Z
      return "UTC";
    case 0x74: // t
      return "\t";
    default:
      return "";
  }
}

/** absl's own: `%ET %Ez %E*z %E4Y %E*S %E*f`, `%E0S` to `%E9S`, `%E1f` to `%E9f`. */
function planExtension(to: ByteWriter, c: i32, next: i32): i32 {
  if (c == 0x54) return put(to, "T", 3);
  if (c == 0x7a) return put(to, "+00:00", 3);
  if (c == 0x2a && next == 0x7a) return put(to, "+00:00:00", 4);
  if (c == 0x2a && next == 0x53) return put(to, "%S%.", 4);
  if (c == 0x2a && next == 0x66) return put(to, "%*", 4);
  if (c == 0x34 && next == 0x59) return put(to, "%Y", 4);
  if (c == 0x30 && next == 0x53) return put(to, "%S", 4);
  if (isDigit(c) && next == 0x53) return putDigits(to, "%S.", c, 4);
  return isDigit(c) && next == 0x66 ? putDigits(to, "", c, 4) : 0;
}

/** `%:z`, `%::z`, `%:::z`: the offset from UTC, which is none. */
function planOffset(to: ByteWriter, at: usize, end: usize): i32 {
  let colons = 1;
  while (byteAt(at + colons, end) == 0x3a) colons++;
  if (colons > 3 || byteAt(at + colons, end) != 0x7a) return 0;
  return put(to, colons == 1 ? "+00:00" : colons == 2 ? "+00:00:00" : "+00", colons + 2);
}

function put(to: ByteWriter, plan: string, size: i32): i32 {
  to.text(plan);
  return plan.length == 0 ? 0 : size;
}

function putDigits(to: ByteWriter, before: string, digit: i32, size: i32): i32 {
  to.text(before);
  to.byte(0x25);
  to.byte(<u8>digit);
  return size;
}

/** From 1 to 9. */
function isDigit(c: i32): bool {
  return <u32>(c - 0x31) < 9;
}

function isKept(c: i32): bool {
  for (let i = 0; i < KEPT.length; i++) if (KEPT.charCodeAt(i) == c) return true;
  return false;
}

/** 0 behind the end. */
function byteAt(at: usize, end: usize): i32 {
  return at < end ? load<u8>(at) : 0;
}
