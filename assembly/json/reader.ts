import { JsonKind, kindOf, nameOf, quoted } from "filterwright/assembly/json/kind";
import { exactNumber, isNumber } from "filterwright/assembly/json/number";
import { Frame } from "filterwright/assembly/json/path";
import { Scanner } from "filterwright/assembly/json/scanner";
import { char, decimal, quote } from "filterwright/assembly/text/format";

/** Containers inside one another; deeper documents are refused. */
const MAX_DEPTH = 64;

/**
 * A pull reader for JSON (RFC 8259): the caller asks for the value that it expects, in document order.
 *
 * The first mistake, of the text or of the caller's own rules (`fail`), is kept with its place. From
 * then on every `next…` answers false and every value is empty, so a caller reads straight through
 * and looks once, at the end:
 *
 *     const json = new JsonReader(this.getConfigurationBytes());
 *     json.object();
 *     while (json.nextKey()) {
 *       if (json.key == "name") name = json.string();
 *       else json.failUnknownKey("name");
 *     }
 *     if (!json.end()) log(LogLevelValues.error, json.problem);
 *
 * Stricter than the RFC asks: a repeated key, a lone surrogate and text that is not UTF-8 are mistakes, and so is a value
 * that the caller neither reads nor skips.
 */
export class JsonReader {
  /** What went wrong, as `PATH (offset N): MESSAGE`; empty while nothing did. N counts bytes from 0. */
  problem: string = "";

  private readonly scanner: Scanner;
  private innermost: Frame | null = null;
  private keyAt: i32 = 0;
  /** Where the value read last, or the one to be read, begins. */
  private valueAt: i32 = 0;
  private hasPendingValue: bool = true;

  /** @param text the document, UTF-8 */
  constructor(readonly text: ArrayBuffer) {
    this.scanner = new Scanner(text);
    this.awaitValue();
  }

  static fromString(text: string): JsonReader {
    return new JsonReader(String.UTF8.encode(text));
  }

  get failed(): bool {
    return this.problem.length > 0;
  }

  /** The key that `nextKey` moved to; empty outside of objects. */
  get key(): string {
    const frame = this.innermost;
    return frame === null ? "" : frame.key;
  }

  /** Where the next value begins, in bytes; right behind a value that was read, where it ends. */
  get offset(): i32 {
    return this.scanner.at;
  }

  /** What the next value is, without reading it; `None` where none follows. */
  get kind(): JsonKind {
    return this.failed || !this.hasPendingValue ? JsonKind.None : kindOf(this.scanner.peek());
  }

  /** Enters an object; its keys follow by `nextKey`. */
  object(): void {
    this.enter(JsonKind.Object);
  }

  /** Enters an array; its elements follow by `nextElement`. */
  array(): void {
    this.enter(JsonKind.Array);
  }

  /** Moves to the next key of the innermost object; at its end leaves it and answers false. */
  nextKey(): bool {
    const frame = this.nextItem(0x7d);
    if (frame === null) return false;
    const scanner = this.scanner;
    this.keyAt = scanner.at;
    if (scanner.peek() != 0x22) return this.failFound("a quoted key");
    const key = this.scanString();
    if (this.failed) return false;
    if (!frame.nextKey(key)) {
      this.valueAt = this.keyAt;
      this.failExpected("a new key", quote(key));
      return false;
    }
    scanner.skipSpace();
    if (scanner.peek() != 0x3a) return this.failFound(quoted(0x3a));
    scanner.at++;
    this.awaitValue();
    return true;
  }

  /** Moves to the next element of the innermost array; at its end leaves it and answers false. */
  nextElement(): bool {
    const frame = this.nextItem(0x5d);
    if (frame === null) return false;
    frame.nextElement();
    this.awaitValue();
    return true;
  }

  /** Reads a string. Empty after a mistake. */
  string(): string {
    return this.begin(JsonKind.String) ? this.scanString() : "";
  }

  /** Reads a number of at most fifteen digits, times at most 10^22 or 10^-22: those have an exact nearest f64. 0 after a mistake. */
  number(): f64 {
    const word = this.numeral();
    if (this.failed) return 0;
    const value = exactNumber(word);
    if (!isNaN(value)) return value;
    this.failExpected("a number of at most 15 digits, within 10^22", word);
    return 0;
  }

  /** Reads true or false. False after a mistake. */
  boolean(): bool {
    if (!this.begin(JsonKind.Boolean)) return false;
    const word = this.scanner.word();
    if (word != "true" && word != "false") this.failExpected(nameOf(JsonKind.Boolean), word);
    return word == "true";
  }

  /** Reads null. */
  null(): void {
    if (!this.begin(JsonKind.Null)) return;
    const word = this.scanner.word();
    if (word != "null") this.failExpected(nameOf(JsonKind.Null), word);
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
      case JsonKind.String:
        this.string();
        return;
      default:
        this.failFound("a value");
    }
  }

  /** True where the whole document was read and nothing was wrong. */
  end(): bool {
    if (this.isUnread()) return false;
    this.scanner.skipSpace();
    return this.failed || this.scanner.atEnd ? !this.failed : this.failFound("the end");
  }

  /** Notes a mistake of the caller's own rules at the value read last, or at the one about to be read. */
  fail(message: string): void {
    this.failAt(this.valueAt, message);
  }

  /** The same, as `expected …, found …`. */
  failExpected(expected: string, found: string): void {
    this.failAt(this.valueAt, "expected " + expected + ", found " + found);
  }

  /** Notes that the current key is none of those expected; the path is that of the object which holds it. */
  failUnknownKey(expected: string): void {
    const frame = this.innermost;
    const unknown = quote(this.key);
    if (frame !== null) frame.leaveItem();
    this.valueAt = this.keyAt;
    this.failExpected(expected, "the key " + unknown);
  }

  /** Notes what should stand where the scanner stands. */
  private failFound(expected: string): bool {
    this.valueAt = this.scanner.at;
    this.failExpected(expected, this.scanner.found());
    return false;
  }

  private failAt(offset: i32, message: string): bool {
    if (this.failed) return false;
    const frame = this.innermost;
    const path = frame === null ? "" : frame.path();
    this.problem = (path.length == 0 ? char(0x24) : path) + " (offset " + decimal(offset) + "): " + message;
    return false;
  }

  private begin(kind: JsonKind): bool {
    if (this.failed) return false;
    if (!this.hasPendingValue) return this.failFound("no value");
    this.valueAt = this.scanner.at;
    if (kindOf(this.scanner.peek()) != kind) return this.failFound(nameOf(kind));
    this.hasPendingValue = false;
    return true;
  }

  private enter(kind: JsonKind): void {
    if (!this.begin(kind)) return;
    const frame = new Frame(this.innermost);
    if (frame.depth > MAX_DEPTH) {
      this.failFound("at most 64 levels");
      return;
    }
    this.scanner.at++;
    this.innermost = frame;
  }

  /** Steps over the comma before the next item; or over the closing bracket, then the container ends and the answer is null. */
  private nextItem(close: u8): Frame | null {
    const frame = this.innermost;
    if (frame === null || this.isUnread() || this.failed) return null;
    const scanner = this.scanner;
    scanner.skipSpace();
    if (scanner.peek() == close) {
      scanner.at++;
      this.innermost = frame.outer;
      return null;
    }
    if (frame.isAtStart) return frame;
    if (scanner.peek() != 0x2c) {
      this.failFound(quoted(0x2c) + " or " + quoted(close));
      return null;
    }
    scanner.at++;
    scanner.skipSpace();
    return frame;
  }

  /** A value that nobody reads is none that may be there. */
  private isUnread(): bool {
    if (this.hasPendingValue) this.failFound("no value");
    return this.hasPendingValue;
  }

  private awaitValue(): void {
    this.scanner.skipSpace();
    this.valueAt = this.scanner.at;
    this.hasPendingValue = true;
  }

  /** A number as the text has it. Apart from `number`, so that a module which only skips numbers does without their parser. */
  numeral(): string {
    if (!this.begin(JsonKind.Number)) return "";
    const word = this.scanner.word();
    if (!isNumber(word)) this.failExpected("a number as JSON writes it", word);
    return word;
  }

  private scanString(): string {
    const text = this.scanner.string();
    if (this.scanner.expected.length > 0) this.failFound(this.scanner.expected);
    return text;
  }
}
