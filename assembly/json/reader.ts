import { JsonKind, kindOf } from "filterwright/assembly/json/kind";
import { exactNumber, isNumber } from "filterwright/assembly/json/number";
import { Frame, hexByte, pathOf, quote } from "filterwright/assembly/json/path";
import { Scanner } from "filterwright/assembly/json/scanner";
import { firstInvalidUtf8 } from "filterwright/assembly/json/utf8";

/** Containers inside one another; deeper documents are refused. */
const MAX_DEPTH = 64;

/**
 * A pull reader for JSON (RFC 8259): the caller asks for the value that it expects, in document order.
 *
 * The first mistake, of the text or of the caller's own rules (`fail`), is kept with its place. From
 * then on every `next…` answers false and every value is empty, so a caller reads straight through
 * and looks once, at the end:
 *
 *     const json = JsonReader.fromString(text);
 *     json.object();
 *     while (json.nextKey()) {
 *       if (json.key == "name") name = json.string();
 *       else json.failUnknownKey("name");
 *     }
 *     if (!json.end()) log(LogLevelValues.error, json.problem);
 *
 * Stricter than the RFC asks: a repeated key, a lone surrogate and text that is not UTF-8 are mistakes.
 */
export class JsonReader {
  /** What went wrong, as `PATH (offset N): MESSAGE`; empty while nothing did. N counts bytes from 0. */
  problem: string = "";

  private scanner: Scanner;
  private frames: Frame[] = [];
  private keyAt: i32 = 0;
  /** Where the value read last, or the one to be read, begins. */
  private valueAt: i32 = 0;
  private hasPendingValue: bool = true;

  /** @param text the document, UTF-8 */
  constructor(readonly text: Uint8Array) {
    this.scanner = new Scanner(text);
    const invalid = firstInvalidUtf8(text);
    if (invalid >= 0) this.failAt(invalid, "expected UTF-8, found byte 0x" + hexByte(text[invalid]));
    this.awaitValue();
  }

  static fromString(text: string): JsonReader {
    return new JsonReader(Uint8Array.wrap(String.UTF8.encode(text)));
  }

  static fromBytes(text: ArrayBuffer): JsonReader {
    return new JsonReader(Uint8Array.wrap(text));
  }

  get failed(): bool {
    return this.problem.length > 0;
  }

  /** The key that `nextKey` moved to. */
  get key(): string {
    const frame = this.innermost;
    return frame.keys![frame.index];
  }

  /** What the next value is, without reading it; `None` where none follows. */
  get kind(): JsonKind {
    return this.failed || !this.hasPendingValue ? JsonKind.None : kindOf(this.scanner.peek());
  }

  /** Enters an object; its keys follow by `nextKey`. */
  object(): void {
    if (this.begin(JsonKind.Object, "an object")) this.enter(false);
  }

  /** Enters an array; its elements follow by `nextElement`. */
  array(): void {
    if (this.begin(JsonKind.Array, "an array")) this.enter(true);
  }

  /** Moves to the next key of the innermost object; at its end leaves it and answers false. A value not read is skipped. */
  nextKey(): bool {
    if (!this.nextItem(0x7d)) return false;
    this.keyAt = this.scanner.at;
    if (this.scanner.peek() != 0x22) return this.failExpected("a key in double quotes");
    const key = this.scanString();
    if (this.failed) return false;
    if (!this.innermost.nextKey(key)) return this.failAt(this.keyAt, "expected each key once, found it again");
    this.scanner.skipSpace();
    if (this.scanner.peek() != 0x3a) return this.failExpected("':' after the key");
    this.scanner.at++;
    this.awaitValue();
    return true;
  }

  /** Moves to the next element of the innermost array; at its end leaves it and answers false. A value not read is skipped. */
  nextElement(): bool {
    if (!this.nextItem(0x5d)) return false;
    this.innermost.nextElement();
    this.awaitValue();
    return true;
  }

  /** Reads a string. Empty after a mistake. */
  string(): string {
    return this.begin(JsonKind.String, "a string") ? this.scanString() : "";
  }

  /** Reads a number of at most fifteen digits, times at most 10^22 or 10^-22: those have an exact nearest f64. 0 after a mistake. */
  number(): f64 {
    const word = this.numeral();
    if (this.failed) return 0;
    const value = exactNumber(word);
    if (!isNaN(value)) return value;
    this.fail("expected a number of at most 15 digits, within 10^22, found " + word);
    return 0;
  }

  /** Reads true or false. False after a mistake. */
  boolean(): bool {
    if (!this.begin(JsonKind.Boolean, "true or false")) return false;
    const word = this.scanner.word();
    if (word != "true" && word != "false") this.fail("expected true or false, found " + word);
    return word == "true";
  }

  /** Reads null. */
  null(): void {
    if (!this.begin(JsonKind.Null, "null")) return;
    const word = this.scanner.word();
    if (word != "null") this.fail("expected null, found " + word);
  }

  /** Reads any value and forgets it; its text is checked all the same. */
  skip(): void {
    switch (this.kind) {
      case JsonKind.Object:
        this.object();
        while (this.nextKey()) this.skip();
        return;
      case JsonKind.Array:
        this.array();
        while (this.nextElement()) this.skip();
        return;
      case JsonKind.Number:
        this.numeral();
        return;
      case JsonKind.Boolean:
        this.boolean();
        return;
      case JsonKind.Null:
        this.null();
        return;
      default:
        if (this.begin(JsonKind.String, "a value")) this.scanString();
    }
  }

  /** True where the whole document was read and nothing was wrong. */
  end(): bool {
    if (this.hasPendingValue) this.skip();
    this.scanner.skipSpace();
    if (!this.scanner.atEnd) this.failExpected("the end");
    return !this.failed;
  }

  /** Notes a mistake of the caller's own rules at the value read last, or at the one about to be read. */
  fail(message: string): void {
    this.failAt(this.valueAt, message);
  }

  /** Notes that the current key is none of those expected; the path is that of the object which holds it. */
  failUnknownKey(expected: string): void {
    const unknown = quote(this.key);
    this.innermost.index = -1;
    this.failAt(this.keyAt, "expected " + expected + ", found the key " + unknown);
  }

  private get innermost(): Frame {
    return this.frames[this.frames.length - 1];
  }

  private failExpected(expected: string): bool {
    return this.failAt(this.scanner.at, "expected " + expected + ", found " + this.scanner.found());
  }

  private failAt(offset: i32, message: string): bool {
    if (!this.failed) this.problem = `${pathOf(this.frames)} (offset ${offset}): ${message}`;
    return false;
  }

  private begin(kind: JsonKind, expected: string): bool {
    if (this.failed) return false;
    if (!this.hasPendingValue) return this.failExpected("one value, which was read,");
    this.valueAt = this.scanner.at;
    if (kindOf(this.scanner.peek()) != kind) return this.failExpected(expected);
    this.hasPendingValue = false;
    return true;
  }

  private enter(isArray: bool): void {
    if (this.frames.length == MAX_DEPTH) {
      this.fail(`expected at most ${MAX_DEPTH} levels`);
      return;
    }
    this.scanner.at++;
    this.frames.push(new Frame(isArray));
  }

  /** Steps over the comma before the next item, or over the closing bracket, which ends the container. */
  private nextItem(close: u8): bool {
    if (this.hasPendingValue) this.skip();
    if (this.failed) return false;
    const scanner = this.scanner;
    scanner.skipSpace();
    if (scanner.peek() == close) {
      scanner.at++;
      this.frames.pop();
      return false;
    }
    if (this.innermost.index < 0) return true;
    if (scanner.peek() != 0x2c) return this.failExpected("',' or '" + String.fromCharCode(close) + "'");
    scanner.at++;
    scanner.skipSpace();
    return true;
  }

  private awaitValue(): void {
    this.scanner.skipSpace();
    this.valueAt = this.scanner.at;
    this.hasPendingValue = true;
  }

  /** A number as the text has it. Apart from `number`, so that a module which only skips numbers does without their parser. */
  private numeral(): string {
    if (!this.begin(JsonKind.Number, "a number")) return "";
    const word = this.scanner.word();
    if (!isNumber(word)) this.fail("expected a number as JSON writes it, found " + word);
    return word;
  }

  private scanString(): string {
    const text = this.scanner.string();
    if (this.scanner.mistake.length > 0) this.failAt(this.scanner.mistakeAt, this.scanner.mistake);
    return text;
  }
}
