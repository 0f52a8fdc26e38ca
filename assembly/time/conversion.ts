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

function writeNumber(to: ByteWriter, time: CivilTime, c: u8): void {
  const number = numberOf(time, c);
  switch (c) {
    case 0x59: // Y
    case 0x47: // G
    case 0x75: // u
    case 0x77: // w
      to.decimal(number);
      break;
    case 0x6a: // j
      to.decimal(number, 3);
      break;
    case 0x65: // e
    case 0x6b: // k
    case 0x6c: // l
      to.decimal(number, 2, 0x20);
      break;
    default:
      if (c > 0x39) return to.decimal(number, 2);
      // A digit: so many of the fraction's nine.
      to.decimal(number, 9);
      to.truncate(to.size - 9 + (c - 0x30));
  }
}

function numberOf(time: CivilTime, c: u8): i32 {
  switch (c) {
    case 0x59: // Y
      return time.year;
    case 0x43: // C
      return time.year / 100;
    case 0x79: // y
      return time.year % 100;
    case 0x47: // G
      return time.weekYear;
    case 0x67: // g
      return time.weekYear % 100;
    case 0x6d: // m
      return time.month;
    case 0x64: // d
    case 0x65: // e
      return time.day;
    case 0x6a: // j
      return time.yearday + 1;
    case 0x48: // H
    case 0x6b: // k
      return time.hour;
    case 0x49: // I
    case 0x6c: // l
      return hour12(time);
    case 0x4d: // M
      return time.minute;
    case 0x53: // S
      return time.second;
    case 0x77: // w
      return time.weekday;
    case 0x75: // u
      return time.daysSinceMonday + 1;
    case 0x55: // U
      return (time.yearday + 7 - time.weekday) / 7;
    case 0x57: // W
      return (time.yearday + 7 - time.daysSinceMonday) / 7;
    case 0x56: // V
      return time.week;
    default:
      return time.nanosecond;
  }
}

/** The hour on a clock's face, 1 to 12. */
function hour12(time: CivilTime): i32 {
  return ((time.hour + 11) % 12) + 1;
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
