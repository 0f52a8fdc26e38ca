/// <reference path="../heap/asc.d.ts" />

// Texts for messages. By these instead of templates and `toString`, whose parts of the standard library would be a tenth
// of a small module.

/** A text of one UTF-16 unit. */
export function char(unit: i32): string {
  return String.fromCharCode(unit);
}

/** A number in decimal digits. */
export function decimal(number: u32): string {
  const last = char(0x30 + (number % 10));
  return number < 10 ? last : decimal(number / 10) + last;
}

/** A byte in two hexadecimal digits. */
export function hexByte(byte: u8): string {
  return hexDigit(byte >> 4) + hexDigit(byte & 15);
}

function hexDigit(value: i32): string {
  return char(value < 10 ? 0x30 + value : 0x57 + value);
}

/** ASCII letters in lower case, as names are compared. The standard library's knows all of Unicode, which is 5 KB. */
export function toLowerCase(text: string): string {
  const size = (<usize>text.length) << 1;
  const lower = changetype<string>(__new(size, idof<string>()));
  for (let i: usize = 0; i < size; i += 2) {
    const unit = load<u16>(changetype<usize>(text) + i);
    store<u16>(changetype<usize>(lower) + i, <u16>(unit - 0x41) < 26 ? unit | 0x20 : unit);
  }
  return lower;
}

/** The most that a message shows of a text. */
const MOST_SHOWN = 80;

/** A text in double quotes on one line, the beginning of a long one: what JSON escapes is escaped, so that a log line stays one line. */
export function quote(text: string): string {
  let quoted = char(0x22);
  const shown = min(text.length, MOST_SHOWN);
  for (let i = 0; i < shown; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c == 0x7f) {
      quoted += "\\u00" + hexByte(<u8>c);
      continue;
    }
    if (c == 0x22 || c == 0x5c) quoted += char(0x5c);
    quoted += char(c);
  }
  if (shown < text.length) quoted += char(0x2026);
  return quoted + char(0x22);
}

/** True for a name that stands in a path as it is: letters, digits, `_` and `-`. */
export function isPlainName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    const isDigit = c >= 0x30 && c <= 0x39;
    if (!isLetter && !isDigit && c != 0x5f && c != 0x2d) return false;
  }
  return name.length > 0;
}

/** A text from an offset on. The standard library has the call with one argument go a longer way. */
export function textFrom(text: string, start: i32): string {
  return text.substring(start, text.length);
}
