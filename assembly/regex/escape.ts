import { hexValue } from "filterwright/assembly/encoding/hex";
import { Pattern } from "filterwright/assembly/regex/pattern";

/** What a mistake expects where a pattern has what only a backtracking engine could do. */
export const NO_BACKTRACKING = "what needs no backtracking";

/** The character that an escape stands for, whose backslash stands here; -1 after a mistake. */
export function escapedCharacter(pattern: Pattern): i32 {
  const from = pattern.advance();
  const c = pattern.take();
  switch (c) {
    case 0x61: // a
      return 0x07;
    case 0x66: // f
      return 0x0c;
    case 0x6e: // n
      return 0x0a;
    case 0x72: // r
      return 0x0d;
    case 0x74: // t
      return 0x09;
    case 0x76: // v
      return 0x0b;
    case 0x78: // x
      return hexadecimal(pattern, from);
  }
  if (isDigit(c)) return octal(pattern, from, c);
  if (c >= 0 && c < 0x80 && !isLetter(c)) return c;
  const isUnicodeClass = (c | 0x20) == 0x70;
  pattern.fail(isUnicodeClass ? "no Unicode class" : "an escape of RE2", c < 0 ? pattern.at : from);
  return -1;
}

/** `\0` and up to two octal digits more, or `\12` and up to one. `\1` would be a backreference. */
function octal(pattern: Pattern, from: i32, first: i32): i32 {
  let character = first - 0x30;
  if (first > 0x37 || (first > 0x30 && !isOctal(pattern.peek()))) {
    pattern.fail(NO_BACKTRACKING, from);
    return -1;
  }
  for (let i = 0; i < 2 && isOctal(pattern.peek()); i++) character = character * 8 + pattern.take() - 0x30;
  return character;
}

/** Two hexadecimal digits, or any number of them in braces. */
function hexadecimal(pattern: Pattern, from: i32): i32 {
  const isBraced = pattern.skip(0x7b);
  let character = 0;
  let digits = 0;
  while (isBraced || digits < 2) {
    const digit = hexValue(pattern.peek());
    if (digit < 0) break;
    pattern.advance();
    character = min(character * 16 + digit, 0x110000);
    digits++;
  }
  if (isBraced ? digits > 0 && character < 0x110000 && pattern.skip(0x7d) : digits == 2) return character;
  pattern.fail("\\xHH or \\x{H...}, up to 10FFFF", from);
  return -1;
}

function isOctal(c: i32): bool {
  return c >= 0x30 && c <= 0x37;
}

export function isDigit(c: i32): bool {
  return c >= 0x30 && c <= 0x39;
}

/** True for an ASCII letter. */
export function isLetter(c: i32): bool {
  return <u32>((c | 0x20) - 0x61) < 26;
}
