import { describe } from "filterwright/assembly/json/kind";
import { quote } from "filterwright/assembly/json/path";
import { unescape } from "filterwright/assembly/json/unescape";

/** A cursor over the bytes of a JSON text: white space, words and strings, but no structure. */
export class Scanner {
  /** Offset of the next byte. */
  at: i32 = 0;
  /** What was wrong with the string scanned last, and where; empty where nothing was. */
  mistake: string = "";
  mistakeAt: i32 = 0;

  constructor(readonly text: Uint8Array) {}

  get atEnd(): bool {
    return this.at >= this.text.length;
  }

  /** The byte here, or 0 at the end of the text. */
  peek(): u8 {
    return this.atEnd ? 0 : this.text[this.at];
  }

  /** What stands here, in words. */
  found(): string {
    return this.atEnd ? "the end" : describe(this.peek());
  }

  skipSpace(): void {
    while (!this.atEnd) {
      const c = this.peek();
      if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) return;
      this.at++;
    }
  }

  /** The run of characters up to a bracket, a comma, a colon or white space. */
  word(): string {
    const start = this.at;
    while (!this.atEnd) {
      const c = this.peek();
      if (c <= 0x20 || c == 0x2c || c == 0x3a || c == 0x5d || c == 0x7d) break;
      this.at++;
    }
    return this.slice(start);
  }

  /** The string whose opening quote stands here, escapes resolved; the cursor ends behind it. */
  string(): string {
    const open = this.at++;
    let hasEscapes = false;
    while (!this.atEnd && this.peek() != 0x22) {
      const c = this.peek();
      if (c < 0x20) return this.fail(this.at, "expected an escape such as \\n, found " + this.found());
      if (c == 0x5c) {
        hasEscapes = true;
        this.at++;
      }
      this.at++;
    }
    if (this.atEnd) return this.fail(open, "expected a closing quote, found the end");
    const raw = this.slice(open + 1);
    this.at++;
    if (!hasEscapes) return raw;
    const text = unescape(raw);
    return text !== null ? text : this.fail(open, "expected the escapes of JSON, found " + quote(raw));
  }

  private slice(start: i32): string {
    return String.UTF8.decodeUnsafe(this.text.dataStart + start, this.at - start);
  }

  private fail(offset: i32, message: string): string {
    this.mistakeAt = offset;
    this.mistake = message;
    return "";
  }
}
