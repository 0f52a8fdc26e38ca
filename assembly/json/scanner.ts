import { escapeSize, escapedAt } from "filterwright/assembly/json/escape";
import { describe, quoted } from "filterwright/assembly/json/kind";
import {
  characterAt,
  characterSize,
  decodeUtf8,
  finishText,
  newText,
  writeCharacter,
} from "filterwright/assembly/text/utf8";

/** A cursor over the bytes of a JSON text: white space, words and strings, but no structure. */
export class Scanner {
  /** Offset of the next byte. */
  at: i32 = 0;
  /** What the string scanned last should have had where the cursor stands; empty where nothing was wrong with it. */
  expected: string = "";

  constructor(readonly text: ArrayBuffer) {}

  get atEnd(): bool {
    return this.at >= this.text.byteLength;
  }

  /** The byte here, or 0 at the end of the text. */
  peek(): u8 {
    return this.atEnd ? 0 : load<u8>(changetype<usize>(this.text) + this.at);
  }

  /** What stands here, in words. */
  found(): string {
    return this.atEnd ? "the end" : describe(this.peek());
  }

  /** Steps over a byte, and over white space behind it. */
  advanceToNext(): void {
    this.at++;
    this.skipSpace();
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
    return decodeUtf8(changetype<usize>(this.text) + start, this.at - start);
  }

  /** The string whose opening quote stands here, escapes resolved. The cursor ends behind it, or at what is wrong with it. */
  string(): string {
    const open = ++this.at;
    while (!this.atEnd && this.peek() != 0x22) this.at += this.peek() == 0x5c ? 2 : 1;
    if (this.atEnd) return this.fail(this.text.byteLength, quoted(0x22));
    const base = changetype<usize>(this.text);
    const end = base + this.at;
    // A unit of the text takes at least a byte here.
    const text = newText(this.at - open);
    let to = text;
    for (let at = base + open; at < end;) {
      let character = characterAt(at, end);
      if (character < 0) return this.fail(<i32>(at - base), "UTF-8");
      let size = characterSize;
      if (character == 0x5c) {
        character = escapedAt(at, end);
        size = escapeSize;
      } else if (character < 0x20) {
        character = -1;
      }
      if (character < 0) return this.fail(<i32>(at - base), "an escape such as \\n");
      to = writeCharacter(to, character);
      at += size;
    }
    this.at++;
    return finishText(text, to);
  }

  private fail(offset: i32, expected: string): string {
    this.at = offset;
    this.expected = expected;
    return "";
  }
}
