import { Value, ValueKind } from "filterwright/assembly/document/value";
import { JsonKind, kindOf, nameOf, quoted } from "filterwright/assembly/json/kind";
import { exactNumber, isNumber } from "filterwright/assembly/json/number";
import { Scanner } from "filterwright/assembly/json/scanner";
import { decimal, quote } from "filterwright/assembly/text/format";

/** Containers inside one another; deeper documents are refused. */
const MAX_DEPTH = 64;

/** What reading a document came to: its value, or the one thing that is wrong with its form. */
export class Document {
  constructor(
    readonly root: Value,
    /** Empty where the form is good. */
    readonly problem: string,
  ) {}
}

/** Reads a whole JSON text (RFC 8259), as strictly as `JsonReader`. */
export function readJson(text: ArrayBuffer): Document {
  const parser = new JsonParser(text);
  const root = new Value(null);
  parser.document(root);
  return new Document(root, parser.problem);
}

/** Puts what it reads into values. Its methods answer false where something is wrong, which `problem` tells then. */
class JsonParser {
  problem: string = "";
  private readonly scanner: Scanner;

  constructor(text: ArrayBuffer) {
    this.scanner = new Scanner(text);
  }

  document(root: Value): bool {
    const scanner = this.scanner;
    scanner.skipSpace();
    if (!this.value(root, 0)) return false;
    scanner.skipSpace();
    return scanner.atEnd || this.failFound(root, "the end");
  }

  /** @param depth containers around it */
  private value(into: Value, depth: i32): bool {
    const scanner = this.scanner;
    const start = scanner.at;
    const kind = kindOf(scanner.peek());
    if (kind == JsonKind.None) return this.failFound(into, "a value");
    into.kind = <ValueKind>(kind - JsonKind.Object);
    let isGood: bool = true;
    if (kind <= JsonKind.Array) isGood = this.items(into, depth);
    else if (kind != JsonKind.String) isGood = this.word(into, kind);
    else {
      into.text = scanner.string();
      isGood = this.isString(into);
    }
    into.start = start;
    into.end = scanner.at;
    return isGood;
  }

  private items(into: Value, depth: i32): bool {
    const scanner = this.scanner;
    const isObject = into.kind == ValueKind.Object;
    const close: u8 = isObject ? 0x7d : 0x5d;
    if (depth == MAX_DEPTH) return this.failFound(into, "at most 64 levels");
    scanner.advanceToNext();
    let last = into;
    while (scanner.peek() != close) {
      if (last !== into) {
        if (scanner.peek() != 0x2c) return this.failFound(last, quoted(0x2c) + " or " + quoted(close));
        scanner.advanceToNext();
      }
      const item = new Value(into);
      if (!isObject) item.index = into.items.length;
      else if (!this.key(item, into, last)) return false;
      if (!this.value(item, depth + 1)) return false;
      into.items.push(item);
      last = item;
      scanner.skipSpace();
    }
    scanner.at++;
    return true;
  }

  /** @param last where a key that is none is told */
  private key(item: Value, into: Value, last: Value): bool {
    const scanner = this.scanner;
    const start = scanner.at;
    if (scanner.peek() != 0x22) return this.failFound(last, "a quoted key");
    const key = scanner.string();
    if (!this.isString(last)) return false;
    item.key = key;
    if (into.get(key) !== null) return this.fail(item, start, "a new key", quote(key));
    scanner.skipSpace();
    if (scanner.peek() != 0x3a) return this.failFound(item, quoted(0x3a));
    scanner.advanceToNext();
    return true;
  }

  private word(into: Value, kind: JsonKind): bool {
    const start = this.scanner.at;
    const word = this.scanner.word();
    into.text = word;
    if (kind == JsonKind.Number) {
      if (!isNumber(word)) return this.fail(into, start, "a number as JSON writes it", word);
      into.number = exactNumber(word);
      return true;
    }
    const isGood = kind == JsonKind.Null ? word == "null" : word == "true" || word == "false";
    return isGood || this.fail(into, start, nameOf(kind), word);
  }

  /** Whether the string that was scanned last is one. */
  private isString(at: Value): bool {
    const expected = this.scanner.expected;
    return expected.length == 0 || this.failFound(at, expected);
  }

  /** Notes what should stand where the scanner stands. */
  private failFound(at: Value, expected: string): bool {
    return this.fail(at, this.scanner.at, expected, this.scanner.found());
  }

  private fail(at: Value, offset: i32, expected: string, found: string): bool {
    this.problem = at.path() + " (offset " + decimal(offset) + "): expected " + expected + ", found " + found;
    return false;
  }
}
