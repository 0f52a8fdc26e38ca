/** One container that a reader is inside of, and where in it the reader stands. */
export class Frame {
  /** Keys met so far; null in an array. */
  keys: string[] | null;
  /** Index of the current key or element; -1 before the first. */
  index: i32 = -1;

  constructor(isArray: bool) {
    this.keys = isArray ? null : [];
  }

  /** Moves to the next element of an array. */
  nextElement(): void {
    this.index++;
  }

  /** Moves to a key of an object. @returns false where the object had it already */
  nextKey(key: string): bool {
    const keys = this.keys!;
    const isNew = !keys.includes(key);
    this.index = keys.length;
    keys.push(key);
    return isNew;
  }
}

/** The place that a stack of frames names, such as `rules[0].add["x y"]`; the document itself is `$`. */
export function pathOf(frames: Frame[]): string {
  let path = "";
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i];
    if (frame.index < 0) break;
    const keys = frame.keys;
    if (keys === null) {
      path += `[${frame.index}]`;
      continue;
    }
    const key = keys[frame.index];
    if (!isPlainName(key)) path += "[" + quote(key) + "]";
    else path += path.length == 0 ? key : "." + key;
  }
  return path.length == 0 ? "$" : path;
}

/** A text in double quotes on one line: what JSON escapes is escaped, so that a log line stays one line. */
export function quote(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c == 0x22 || c == 0x5c) quoted += "\\" + String.fromCharCode(c);
    else if (c < 0x20 || c == 0x7f) quoted += "\\u00" + hexByte(<u8>c);
    else quoted += String.fromCharCode(c);
  }
  return quoted + '"';
}

/** Two hexadecimal digits. */
export function hexByte(byte: u8): string {
  const digits = "0123456789abcdef";
  return digits.charAt(byte >> 4) + digits.charAt(byte & 15);
}

function isPlainName(key: string): bool {
  for (let i = 0; i < key.length; i++) {
    const c = key.charCodeAt(i);
    const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    const isDigit = c >= 0x30 && c <= 0x39;
    if (!isLetter && !isDigit && c != 0x5f && c != 0x2d) return false;
  }
  return key.length > 0;
}
