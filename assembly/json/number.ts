/** The largest significand of fifteen digits. */
const MAX_SIGNIFICAND: u64 = 999_999_999_999_999;
/** The last power of ten that an f64 has exactly is 10^22. */
const MAX_SCALE = 22;
/** Beyond it an exponent is not counted on. */
const MAX_EXPONENT = 9999;

// What the number that was scanned last is: significand * 10^scale, where it has no more than fifteen digits.
let significand: u64 = 0;
let scale: i32 = 0;
let hasMoreDigits: bool = false;
/** Since the last digit that is none: they count only if another follows. */
let zeros: i32 = 0;

/** True where a word is a number as RFC 8259 §6 writes it: no leading zeros, no bare point, no plus sign. */
export function isNumber(word: string): bool {
  significand = 0;
  scale = 0;
  hasMoreDigits = false;
  zeros = 0;
  const first = unitAt(word, 0) == 0x2d ? 1 : 0;
  let at = scanDigits(word, first);
  if (at == first || (at > first + 1 && unitAt(word, first) == 0x30)) return false;
  if (unitAt(word, at) == 0x2e) {
    const point = at + 1;
    at = scanDigits(word, point);
    if (at == point) return false;
    scale = point - at;
  }
  scale += zeros;
  if ((unitAt(word, at) | 0x20) == 0x65) {
    at++;
    const sign = unitAt(word, at);
    if (sign == 0x2b || sign == 0x2d) at++;
    if (at == word.length) return false;
    let exponent = 0;
    for (; isDigit(unitAt(word, at)); at++) exponent = min(exponent * 10 + unitAt(word, at) - 0x30, MAX_EXPONENT);
    scale += sign == 0x2d ? -exponent : exponent;
  }
  return at == word.length;
}

/**
 * The value of a number, the nearest f64 to it, or NaN where that would take more than one multiplication: more
 * than fifteen digits, or beyond 10^22 times them. AssemblyScript's own parseFloat (0.28) is a hundred times off
 * for some numbers, such as 9.018633165437491e+39; a configuration is better refused than misread.
 *
 * @param word a text that `isNumber` holds for
 */
export function exactNumber(word: string): f64 {
  isNumber(word);
  let value = <f64>significand;
  if (significand != 0) {
    if (hasMoreDigits || scale < -MAX_SCALE || scale > MAX_SCALE) return NaN;
    // Both factors are exact, so the one operation rounds once.
    let power: f64 = 1;
    for (let i = scale < 0 ? -scale : scale; i > 0; i--) power *= 10;
    value = scale < 0 ? value / power : value * power;
  }
  return unitAt(word, 0) == 0x2d ? -value : value;
}

/** Adds digits to the significand. @returns where they end */
function scanDigits(word: string, at: i32): i32 {
  for (; isDigit(unitAt(word, at)); at++) {
    const digit = unitAt(word, at) - 0x30;
    zeros++;
    if (digit == 0) continue;
    for (; zeros > 0; zeros--) {
      significand *= 10;
      if (significand > MAX_SIGNIFICAND) hasMoreDigits = true;
      if (hasMoreDigits) significand = 1;
    }
    significand += digit;
  }
  return at;
}

/** 0 behind the end. */
function unitAt(word: string, at: i32): i32 {
  return at < word.length ? word.charCodeAt(at) : 0;
}

function isDigit(unit: i32): bool {
  return unit >= 0x30 && unit <= 0x39;
}
