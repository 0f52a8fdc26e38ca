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

/** A bit for each token character: ! # $ % & ' * + - . 0-9, and from 64 on A-Z ^ _ ` a-z | ~. */
const TOKEN_BELOW_64: u64 = 0x03ff6cfa00000000;
const TOKEN_FROM_64: u64 = 0x57ffffffc7fffffe;

function isTokenCharacter(c: i32): bool {
  if (c >= 128) return false;
  return (((c < 64 ? TOKEN_BELOW_64 : TOKEN_FROM_64) >> (c & 63)) & 1) != 0;
}
