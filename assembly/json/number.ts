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

function digits(word: string, from: i32): i32 {
  let at = from;
  while (at < word.length && word.charCodeAt(at) >= 0x30 && word.charCodeAt(at) <= 0x39) at++;
  return at - from;
}
