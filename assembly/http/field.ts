/** True for a field name: a token of RFC 9110 §5.6.2. Pseudo-headers such as `:path` are none. */
export function isFieldName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    if (!isTokenCharacter(name.charCodeAt(i))) return false;
  }
  return name.length > 0;
}

/** True for a field value of RFC 9110 §5.5: no control characters but the tab. */
export function isFieldValue(value: string): bool {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if ((c < 0x20 && c != 0x09) || c == 0x7f) return false;
  }
  return true;
}

function isTokenCharacter(c: i32): bool {
  const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
  const isDigit = c >= 0x30 && c <= 0x39;
  return isLetter || isDigit || "!#$%&'*+-.^_`|~".includes(String.fromCharCode(c));
}
