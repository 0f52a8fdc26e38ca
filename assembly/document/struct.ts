import { Document } from "filterwright/assembly/document/json";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { decimal, textFrom } from "filterwright/assembly/text/format";
import { characterAt, characterSize, decodeUtf8 } from "filterwright/assembly/text/utf8";

// A `google.protobuf.Struct` in Protocol Buffers' wire format, which is what Envoy hands over of one:
//
//     Struct    { map<string, Value> fields = 1 }          an entry is a message { key = 1, value = 2 }
//     Value     { null = 1 (varint), number = 2 (64 bits), string = 3, bool = 4 (varint), struct = 5, list = 6 }
//     ListValue { repeated Value values = 1 }
//
// https://protobuf.dev/programming-guides/encoding, google/protobuf/struct.proto

/** Structs inside one another; deeper ones are refused, as in JSON. */
const MAX_DEPTH = 64;

/** Reads a serialised Struct. A key that stands twice is a mistake, as in JSON. */
export function readStruct(bytes: ArrayBuffer): Document {
  const start = changetype<usize>(bytes);
  const reader = new StructReader(start);
  const root = new Value(null);
  reader.struct(root, start + bytes.byteLength, 0);
  return new Document(root, reader.problem);
}

/** A number for messages, with the few digits behind the point that a configuration may have. */
function numberText(number: f64): string {
  const size = Math.abs(number);
  if (!(size < 1e9)) return "a number beyond 10^9";
  const whole = Math.floor(size);
  const millionths = min<u32>(<u32>((size - whole) * 1e6 + 0.5), 999_999);
  const sign = number < 0 ? "-" : "";
  if (millionths == 0) return sign + decimal(<u32>whole);
  const digits = textFrom(decimal(1_000_000 + millionths), 1);
  let count = digits.length;
  while (digits.charCodeAt(count - 1) == 0x30) count--;
  return sign + decimal(<u32>whole) + "." + digits.substring(0, count);
}

// Tags of fields: the number, and how the content is written.
const FIRST: u64 = 10;
const SECOND: u64 = 18;
const NULL: u64 = 8;
const NUMBER: u64 = 17;
const STRING: u64 = 26;
const BOOL: u64 = 32;
const STRUCT: u64 = 42;
const LIST: u64 = 50;

class StructReader {
  problem: string = "";
  private at: usize;
  // The field at hand: its tag, and its content, which is a number or ends where the next field begins.
  private tag: u64 = 0;
  private number: u64 = 0;
  private start: usize = 0;

  constructor(private readonly base: usize) {
    this.at = base;
  }

  struct(into: Value, end: usize, depth: i32): void {
    into.kind = ValueKind.Object;
    this.checkDepth(depth);
    while (this.nextOf(FIRST, end)) this.entry(into, this.enter(), depth);
  }

  private entry(into: Value, end: usize, depth: i32): void {
    const value = new Value(into);
    while (this.next(end)) {
      if (this.tag == FIRST) value.key = this.text();
      else if (this.tag == SECOND) this.value(value, this.enter(), depth);
      else this.failField();
    }
    if (into.get(value.key) !== null) this.fail("a new key");
    into.items.push(value);
  }

  private value(into: Value, end: usize, depth: i32): void {
    while (this.next(end)) {
      const tag = this.tag;
      if (tag == NULL) into.kind = ValueKind.Null;
      else if (tag == BOOL) {
        into.kind = ValueKind.Boolean;
        into.text = this.number != 0 ? "true" : "false";
      } else if (tag == NUMBER) {
        into.kind = ValueKind.Number;
        into.number = load<f64>(this.start);
        into.text = numberText(into.number);
      } else if (tag == STRING) {
        into.kind = ValueKind.String;
        into.text = this.text();
      } else if (tag == STRUCT) this.struct(into, this.enter(), depth + 1);
      else if (tag == LIST) this.list(into, this.enter(), depth + 1);
      else this.failField();
    }
  }

  private list(into: Value, end: usize, depth: i32): void {
    into.kind = ValueKind.Array;
    this.checkDepth(depth);
    while (this.nextOf(FIRST, end)) {
      const item = new Value(into);
      item.index = into.items.length;
      this.value(item, this.enter(), depth);
      into.items.push(item);
    }
  }

  /** Goes back to where the content of the field begins. @returns where it ends */
  private enter(): usize {
    const end = this.at;
    this.at = this.start;
    return end;
  }

  /** The content of the field. */
  private text(): string {
    const end = this.at;
    for (let at = this.start; at < end; at += characterSize) {
      if (characterAt(at, end) < 0) {
        this.fail("UTF-8");
        return "";
      }
    }
    return decodeUtf8(this.start, end - this.start);
  }

  /** Moves to the next field, which must have a tag. */
  private nextOf(tag: u64, end: usize): bool {
    if (!this.next(end)) return false;
    if (this.tag != tag) this.failField();
    return this.problem.length == 0;
  }

  /** Moves to the next field of a message. @returns false at the end, and where something is wrong */
  private next(end: usize): bool {
    if (this.at >= end || this.problem.length > 0) return false;
    const tag = this.varint(end);
    const wireType = (<i32>tag) & 7;
    let size: u64 = wireType == 1 ? 8 : 0;
    if (wireType == 0) this.number = this.varint(end);
    else if (wireType == 2) size = this.varint(end);
    else if (wireType != 1) this.failField();
    if (size > <u64>(end - this.at)) this.fail("as many bytes as were announced");
    if (this.problem.length > 0) return false;
    this.tag = tag;
    this.start = this.at;
    this.at += <usize>size;
    return true;
  }

  private varint(end: usize): u64 {
    let value: u64 = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      if (this.at >= end) break;
      const byte = <u64>load<u8>(this.at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.fail("a number of at most ten bytes");
    return 0;
  }

  private checkDepth(depth: i32): void {
    if (depth > MAX_DEPTH) this.fail("at most 64 levels");
  }

  private failField(): void {
    this.fail("a field of a Struct");
  }

  private fail(expected: string): void {
    if (this.problem.length > 0) return;
    this.problem = "$ (offset " + decimal(<u32>(this.at - this.base)) + " of the Struct): expected " + expected;
  }
}
