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

/** A text in double quotes on one line: what JSON escapes is escaped, so that a log line stays one line. */
export function quote(text: string): string {
  let quoted = char(0x22);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c == 0x7f) quoted += "\\u00" + hexByte(<u8>c);
    else quoted += (c == 0x22 || c == 0x5c ? char(0x5c) : "") + char(c);
  }
  return quoted + char(0x22);
}
