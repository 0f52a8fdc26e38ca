import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { dropBlanks, findByte, skipBlanks } from "filterwright/assembly/text/slice";

/**
 * A list of `NAME=VALUE`, which one byte parts: cookies, attributes of a cookie, a query. Only that byte parts them, in quotes
 * too; a part's first `=` ends its name. Parts of nothing but blanks are passed over.
 *
 *     a=1; sid = "x y" ;b
 *         ^|-|   |---| ^    name, value, and the span: from one separator to the next
 *
 * Edits write the whole line; what they do not mean stays byte for byte.
 */
export abstract class Parameters {
  nameStart: usize = 0;
  nameSize: i32 = 0;
  /** Behind the `=`, without the blanks around it. */
  valueStart: usize = 0;
  valueSize: i32 = 0;
  /** False for a name without `=`. */
  hasValue: bool = false;
  /** Where the span begins: at the list's start or behind a separator. */
  from: usize = 0;
  /** Where it ends: at the next separator or the list's end. */
  to: usize = 0;
  /** Where the line begins, its list, and where both end. */
  protected start: usize = 0;
  protected list: usize = 0;
  protected end: usize = 0;
  private at: usize = 0;

  constructor(private readonly separator: u8) {}

  protected enter(start: usize, list: usize, end: usize): void {
    this.start = start;
    this.list = list;
    this.end = end;
    this.at = list;
  }

  /** Moves to the next part. */
  next(): bool {
    while (this.at < this.end) {
      const from = this.at;
      const to = findByte(this.separator, from, this.end);
      this.at = to + 1;
      const name = skipBlanks(from, to);
      if (name == to) continue;
      const equals = findByte(0x3d, name, to);
      this.from = from;
      this.to = to;
      this.nameStart = name;
      this.nameSize = <i32>(dropBlanks(name, equals) - name);
      this.hasValue = equals < to;
      this.valueStart = skipBlanks(min(equals + 1, to), to);
      this.valueSize = <i32>(dropBlanks(this.valueStart, to) - this.valueStart);
      return true;
    }
    return false;
  }

  /** Moves to the next part that has a name. */
  find(name: usize, size: i32): bool {
    while (this.next()) if (this.isNamed(name, size)) return true;
    return false;
  }

  protected abstract isNamed(name: usize, size: i32): bool;

  /** Writes the line without the parts, from the next on, that have a name. @returns whether there were any */
  writeWithout(to: ByteWriter, name: usize, size: i32): bool {
    const before = to.size;
    to.bytes(this.start, <i32>(this.list - this.start));
    this.copyWithout(to, this.list, name, size);
    return to.size - before < <i32>(this.end - this.start);
  }

  /**
   * Writes the line with a text in the place of the first part, from the next on, that has a name, and without others that have
   * it. Where there is none, the text comes last.
   */
  writeWith(to: ByteWriter, name: usize, size: i32, text: usize, textSize: i32): void {
    const isThere = this.find(name, size);
    const behind = isThere ? this.nameStart : this.end;
    to.bytes(this.start, <i32>(behind - this.start));
    if (!isThere && this.end > this.list) to.text("; ");
    to.bytes(text, textSize);
    this.copyWithout(to, isThere ? dropBlanks(behind, this.to) : behind, name, size);
  }

  private copyWithout(to: ByteWriter, copied: usize, name: usize, size: i32): void {
    while (this.find(name, size)) {
      // A part goes with the separator in front of it; where nothing is in front, with the one behind it.
      if (this.from > copied) {
        to.bytes(copied, <i32>(this.from - 1 - copied));
        copied = this.to;
      } else {
        copied = skipBlanks(min(this.to + 1, this.end), this.end);
      }
    }
    to.bytes(copied, <i32>(this.end - copied));
  }
}
