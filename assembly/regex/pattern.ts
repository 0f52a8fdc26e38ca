import { decimal, quote } from "filterwright/assembly/text/format";
import { combine } from "filterwright/assembly/text/utf8";

/** A cursor over a pattern, and the first thing that is wrong with it. */
export class Pattern {
  /** Offset of the next UTF-16 unit. */
  at: i32 = 0;
  /** What is wrong, as `expected ..., found ... at N`; empty while nothing is. N counts UTF-16 units from 0. */
  error: string = "";

  constructor(readonly text: string) {}

  get failed(): bool {
    return this.error.length > 0;
  }

  get atEnd(): bool {
    return this.at >= this.text.length;
  }

  /** The unit so many units from here, or -1 behind the end. */
  peek(ahead: i32 = 0): i32 {
    const at = this.at + ahead;
    return at < this.text.length ? this.text.charCodeAt(at) : -1;
  }

  /** Steps over a unit. @returns its offset */
  advance(): i32 {
    return this.at++;
  }

  /** Steps over a unit, if it is the one that stands here. */
  skip(unit: i32): bool {
    if (this.peek() != unit) return false;
    this.advance();
    return true;
  }

  /** The character here; the cursor moves behind it. -1 at the end. */
  take(): i32 {
    const unit = this.peek();
    if (unit < 0) return -1;
    this.advance();
    const low = this.peek();
    if ((unit & ~0x3ff) != 0xd800 || (low & ~0x3ff) != 0xdc00) return unit;
    this.advance();
    return combine(unit, low);
  }

  /** Notes what should stand at an offset, where something else stands up to the cursor, or one unit of it. */
  fail(expected: string, from: i32): void {
    const end = max(this.at, from + 1);
    this.failFound(expected, from >= this.text.length ? "the end" : quote(this.text.substring(from, end)), from);
  }

  /** Notes that there is more of something than there may be. */
  failMore(expected: string): void {
    this.failFound(expected, "more", this.at);
  }

  private failFound(expected: string, found: string, at: i32): void {
    if (!this.failed) this.error = "expected " + expected + ", found " + found + " at " + decimal(at);
  }
}
