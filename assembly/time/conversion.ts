import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { CivilTime } from "filterwright/assembly/time/civil";

const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday ";
const MONTHS = "January February March April May June July August September October November December ";

/** Writes what stands in a plan behind a percent sign; `plan.ts` has the table. */
export function writeConversion(to: ByteWriter, time: CivilTime, c: u8): void {
  switch (c) {
    case 0x59: // Y
      return to.decimal(time.year);
    case 0x43: // C
      return to.decimal(time.year / 100, 2);
    case 0x79: // y
      return to.decimal(time.year % 100, 2);
    case 0x47: // G
      return to.decimal(time.weekYear);
    case 0x67: // g
      return to.decimal(time.weekYear % 100, 2);
    case 0x6d: // m
      return to.decimal(time.month, 2);
    case 0x64: // d
      return to.decimal(time.day, 2);
    case 0x65: // e
      return to.decimal(time.day, 2, 0x20);
    case 0x6a: // j
      return to.decimal(time.yearday + 1, 3);
    case 0x48: // H
      return to.decimal(time.hour, 2);
    case 0x6b: // k
      return to.decimal(time.hour, 2, 0x20);
    case 0x49: // I
      return to.decimal(hour12(time), 2);
    case 0x6c: // l
      return to.decimal(hour12(time), 2, 0x20);
    case 0x4d: // M
      return to.decimal(time.minute, 2);
    case 0x53: // S
      return to.decimal(time.second, 2);
    case 0x70: // p
      return to.text(time.hour < 12 ? "AM" : "PM");
    case 0x50: // P
      return to.text(time.hour < 12 ? "am" : "pm");
    case 0x61: // a
      return writeWord(to, WEEKDAYS, time.weekday, 3);
    case 0x41: // A
      return writeWord(to, WEEKDAYS, time.weekday, 9);
    case 0x62: // b
      return writeWord(to, MONTHS, time.month - 1, 3);
    case 0x42: // B
      return writeWord(to, MONTHS, time.month - 1, 9);
    case 0x77: // w
      return to.decimal(time.weekday);
    case 0x75: // u
      return to.decimal(time.daysSinceMonday + 1);
    case 0x55: // U
      return to.decimal((time.yearday + 7 - time.weekday) / 7, 2);
    case 0x57: // W
      return to.decimal((time.yearday + 7 - time.daysSinceMonday) / 7, 2);
    case 0x56: // V
      return to.decimal(time.week, 2);
    case 0x73: // s
      if (time.seconds < 0) to.byte(0x2d);
      return to.decimal(abs(time.seconds));
    case 0x2a: // *
    case 0x2e: // .
      return writeFraction(to, time.nanosecond, c == 0x2e);
    case 0x25: // %
      return to.byte(c);
    default:
      to.decimal(time.nanosecond, 9);
      to.truncate(to.size - 9 + (c - 0x30));
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
