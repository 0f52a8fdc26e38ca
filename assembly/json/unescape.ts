/**
 * Resolves the escapes of a JSON string (RFC 8259 §7).
 *
 * @param raw the text between the quotes
 * @returns null where an escape is unknown or cut off, or where a surrogate stands alone
 */
export function unescape(raw: string): string | null {
  let text = "";
  let runStart = 0;
  let at = 0;
  while (at < raw.length) {
    if (raw.charCodeAt(at) != 0x5c) {
      at++;
      continue;
    }
    text += raw.substring(runStart, at);
    const escape = at + 1 < raw.length ? raw.charCodeAt(at + 1) : 0;
    at += 2;
    if (escape == 0x75) {
      let unit = hexUnit(raw, at);
      if (unit < 0 || isLowSurrogate(unit)) return null;
      at += 4;
      text += String.fromCharCode(unit);
      if (isHighSurrogate(unit)) {
        if (raw.substr(at, 2) != "\\u") return null;
        unit = hexUnit(raw, at + 2);
        if (!isLowSurrogate(unit)) return null;
        at += 6;
        text += String.fromCharCode(unit);
      }
    } else {
      const character = simpleEscape(escape);
      if (character == 0) return null;
      text += String.fromCharCode(character);
    }
    runStart = at;
  }
  return text + raw.substring(runStart);
}

function simpleEscape(escape: i32): i32 {
  switch (escape) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
      return escape;
    case 0x62: // b
      return 0x08;
    case 0x66: // f
      return 0x0c;
    case 0x6e: // n
      return 0x0a;
    case 0x72: // r
      return 0x0d;
    case 0x74: // t
      return 0x09;
    default:
      return 0;
  }
}

/** The four hexadecimal digits at this place as one UTF-16 unit, or -1. */
function hexUnit(text: string, at: i32): i32 {
  if (at + 4 > text.length) return -1;
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const c = text.charCodeAt(i);
    const digit = c >= 0x30 && c <= 0x39 ? c - 0x30 : (c | 0x20) >= 0x61 && (c | 0x20) <= 0x66 ? (c | 0x20) - 0x57 : -1;
    if (digit < 0) return -1;
    unit = (unit << 4) | digit;
  }
  return unit;
}

function isHighSurrogate(unit: i32): bool {
  return (unit & 0xfc00) == 0xd800;
}

function isLowSurrogate(unit: i32): bool {
  return (unit & 0xfc00) == 0xdc00;
}
