import { dropBlanks, skipBlanks, startsWith } from "filterwright/assembly/text/slice";

const COMMA: usize = memory.data<u8>([0x2c]);

/**
 * Goes through the elements of a list (RFC 9110 §5.6.1), which commas part, but not within a quoted string, where a backslash
 * escapes the byte behind it (§5.6.4). A quotation that does not end goes on to the end of the line.
 *
 *     elements.begin(start, size);
 *     while (elements.next()) if (elements.size > 0) ...
 */
export class Elements {
  /** The element without the blanks around it. */
  start: usize = 0;
  /** 0 for an empty element, as there is between two commas and in an empty list. */
  size: i32 = 0;
  private at: usize = 0;
  private end: usize = 0;
  private separator: usize = 0;
  private separatorSize: i32 = 0;

  begin(start: usize, size: i32): void {
    this.beginWith(start, size, COMMA, 1);
  }

  /** @param separator what parts elements instead of a comma */
  beginWith(start: usize, size: i32, separator: usize, separatorSize: i32): void {
    this.at = start;
    this.end = start + size;
    this.separator = separator;
    this.separatorSize = separatorSize;
  }

  /** Moves to the next element. */
  next(): bool {
    const from = this.at;
    const end = this.end;
    if (from > end) return false;
    let at = from;
    let isQuoted = false;
    for (; at < end; at++) {
      const byte = load<u8>(at);
      if (byte == 0x22) isQuoted = !isQuoted;
      else if (isQuoted && byte == 0x5c) at++;
      else if (!isQuoted && this.isSeparator(at)) break;
    }
    // A backslash at the end of the line escapes nothing.
    const to = min(at, end);
    this.start = skipBlanks(from, to);
    this.size = <i32>(dropBlanks(this.start, to) - this.start);
    this.at = to == end ? end + 1 : to + this.separatorSize;
    return true;
  }

  private isSeparator(at: usize): bool {
    return this.separatorSize > 0 && startsWith(at, this.end, this.separator, this.separatorSize);
  }
}
