import { parseSize } from "filterwright/assembly/text/parse-size";

/** True where a word is a number as RFC 8259 §6 writes it: no leading zeros, no bare point, no plus sign. */
export function isNumber(word: string): bool {
  let at = word.startsWith("-") ? 1 : 0;
  const integer = digits(word, at);
  if (integer == 0 || (integer > 1 && word.charCodeAt(at) == 0x30)) return false;
  at += integer;
  if (at < word.length && word.charCodeAt(at) == 0x2e) {
    const fraction = digits(word, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < word.length && (word.charCodeAt(at) | 0x20) == 0x65) {
    at++;
    if (at < word.length && (word.charCodeAt(at) == 0x2b || word.charCodeAt(at) == 0x2d)) at++;
    const exponent = digits(word, at);
    if (exponent == 0) return false;
    at += exponent;
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
  let significand: u64 = 0;
  let count = 0;
  let zeros = 0; // since the last digit that is none: they count only if another follows
  let scale = 0;
  let isFraction = false;
  let at = word.startsWith("-") ? 1 : 0;
  for (; at < word.length && (word.charCodeAt(at) | 0x20) != 0x65; at++) {
    const c = word.charCodeAt(at);
    if (c == 0x2e) {
      isFraction = true;
      continue;
    }
    if (isFraction) scale--;
    zeros++;
    if (c == 0x30) continue;
    if (count > 0 || significand > 0) count += zeros;
    else count = 1;
    if (count > 15) return NaN;
    for (; zeros > 0; zeros--) significand *= 10;
    significand += c - 0x30;
  }
  if (significand == 0) return word.startsWith("-") ? -0.0 : 0.0;
  scale += zeros;
  if (at < word.length) {
    const sign = word.charCodeAt(at + 1);
    const exponent = parseSize(word.substring(sign == 0x2b || sign == 0x2d ? at + 2 : at + 1));
    if (exponent < 0) return NaN;
    scale += sign == 0x2d ? -exponent : exponent;
  }
  if (scale < -22 || scale > 22) return NaN;
  // Both factors are exact (10^22 is the last power of ten that is), so the one operation rounds once.
  let power: f64 = 1;
  for (let i = scale < 0 ? -scale : scale; i > 0; i--) power *= 10;
  const value = scale < 0 ? <f64>significand / power : <f64>significand * power;
  return word.startsWith("-") ? -value : value;
}

function digits(word: string, from: i32): i32 {
  let at = from;
  while (at < word.length && word.charCodeAt(at) >= 0x30 && word.charCodeAt(at) <= 0x39) at++;
  return at - from;
}
