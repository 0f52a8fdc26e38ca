import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { CivilTime } from "filterwright/assembly/time/civil";

const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday ";
const MONTHS = "January February March April May June July August September October November December ";

/** Writes what stands in a plan behind a percent sign; `plan.ts` has the table. */
export function writeConversion(to: ByteWriter, time: CivilTime, c: u8): void {
  switch (c) {
    case 0x25: // %
      to.byte(c);
      break;
    case 0x61: // a
      writeWord(to, WEEKDAYS, time.weekday, 3);
      break;
    case 0x41: // A
      writeWord(to, WEEKDAYS, time.weekday, 9);
      break;
    case 0x62: // b
      writeWord(to, MONTHS, time.month - 1, 3);
      break;
    case 0x42: // B
      writeWord(to, MONTHS, time.month - 1, 9);
      break;
    case 0x70: // p
      writeWord(to, "AM PM ", i32(time.hour >= 12), 2);
      break;
    case 0x50: // P
      writeWord(to, "am pm ", i32(time.hour >= 12), 2);
      break;
    case 0x73: // s
      if (time.seconds < 0) to.byte(0x2d);
      to.decimal(abs(time.seconds));
      break;
    case 0x2a: // *
    case 0x2e: // .
      writeFraction(to, time.nanosecond, c == 0x2e);
      break;
    default:
      writeNumber(to, time, c);
  }
}

/** Conversions that are numbers; behind each at least how many digits it has, or _ for two of which the first may be a blank. */
const NUMBERS = "Y1C2y2G1g2m2d2e_j3H2k_I2l_M2S2w1u1U2W2V2";
/** What they are of the time at hand, in that order. */
const numbers: usize = memory.data(20 * 4, 4);

/** To be called when the time is another. */
export function setNumbers(time: CivilTime): void {
  const to = numbers;
  const hour12 = ((time.hour + 11) % 12) + 1;
  store<i32>(to, time.year, 0 * 4);
  store<i32>(to, time.year / 100, 1 * 4);
  store<i32>(to, time.year % 100, 2 * 4);
  store<i32>(to, time.weekYear, 3 * 4);
  store<i32>(to, time.weekYear % 100, 4 * 4);
  store<i32>(to, time.month, 5 * 4);
  store<i32>(to, time.day, 6 * 4);
  store<i32>(to, time.day, 7 * 4);
  store<i32>(to, time.yearday + 1, 8 * 4);
  store<i32>(to, time.hour, 9 * 4);
  store<i32>(to, time.hour, 10 * 4);
  store<i32>(to, hour12, 11 * 4);
  store<i32>(to, hour12, 12 * 4);
  store<i32>(to, time.minute, 13 * 4);
  store<i32>(to, time.second, 14 * 4);
  store<i32>(to, time.weekday, 15 * 4);
  store<i32>(to, time.daysSinceMonday + 1, 16 * 4);
  store<i32>(to, (time.yearday + 7 - time.weekday) / 7, 17 * 4);
  store<i32>(to, (time.yearday + 7 - time.daysSinceMonday) / 7, 18 * 4);
  store<i32>(to, time.week, 19 * 4);
}

function writeNumber(to: ByteWriter, time: CivilTime, c: u8): void {
  if (c <= 0x39) {
    // A digit: so many of the fraction's nine.
    to.decimal(time.nanosecond, 9, 0x30);
    to.truncate(to.size - 9 + (c - 0x30));
    return;
  }
  let at = 0;
  while (NUMBERS.charCodeAt(at) != c) at += 2;
  const digits = NUMBERS.charCodeAt(at + 1);
  const hasBlank = digits == 0x5f;
  to.decimal(load<u32>(numbers + (at << 1)), hasBlank ? 2 : digits - 0x30, hasBlank ? 0x20 : 0x30);
}

/** Writes one of some words, each with a space behind it; of a long one the beginning. */
function writeWord(to: ByteWriter, words: string, index: i32, most: i32): void {
  let at = 0;
  for (; index > 0; at++) if (words.charCodeAt(at) == 0x20) index--;
  for (; most > 0 && words.charCodeAt(at) != 0x20; at++, most--) to.byte(<u8>words.charCodeAt(at));
}

/** The fraction without zeros at its end; 0 is one digit, or with a point none. */
function writeFraction(to: ByteWriter, nanosecond: u32, hasPoint: bool): void {
  if (nanosecond == 0) {
    if (!hasPoint) to.byte(0x30);
    return;
  }
  if (hasPoint) to.byte(0x2e);
  let width = 9;
  for (; nanosecond % 10 == 0; nanosecond /= 10) width--;
  to.decimal(nanosecond, width);
}
