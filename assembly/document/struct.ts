import { Document } from "filterwright/assembly/document/json";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { decimal } from "filterwright/assembly/text/format";
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
  reader.struct(root, start, start + bytes.byteLength, 0);
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
  const digits = decimal(1_000_000 + millionths).substring(1);
  let count = digits.length;
  while (digits.charCodeAt(count - 1) == 0x30) count--;
  return sign + decimal(<u32>whole) + "." + digits.substring(0, count);
}

class StructReader {
  problem: string = "";
  private at: usize = 0;

  constructor(private readonly base: usize) {}

  struct(into: Value, start: usize, end: usize, depth: i32): void {
    into.kind = ValueKind.Object;
    if (depth > MAX_DEPTH) return this.fail(start, "at most 64 levels");
    this.at = start;
    while (this.at < end && this.problem.length == 0) {
      const tag = this.varint(end);
      const size = this.size(tag, 10, end);
      const entry = this.at;
      if (this.problem.length == 0) this.entry(into, entry, entry + size, depth);
      this.at = entry + size;
    }
  }

  private entry(into: Value, start: usize, end: usize, depth: i32): void {
    const value = new Value(into);
    while (this.at < end && this.problem.length == 0) {
      const tag = this.varint(end);
      const size = this.size(tag, tag == 10 ? 10 : 18, end);
      const part = this.at;
      if (this.problem.length > 0) return;
      if (tag == 10) value.key = this.text(part, size);
      else this.value(value, part, part + size, depth);
      this.at = part + size;
    }
    if (into.get(value.key) !== null) return this.fail(start, "a new key");
    into.items.push(value);
  }

  private value(into: Value, start: usize, end: usize, depth: i32): void {
    this.at = start;
    while (this.at < end && this.problem.length == 0) {
      const tag = this.varint(end);
      if (tag == 8) {
        this.varint(end);
        into.kind = ValueKind.Null;
      } else if (tag == 32) {
        into.kind = ValueKind.Boolean;
        into.text = this.varint(end) != 0 ? "true" : "false";
      } else if (tag == 17) {
        if (this.at + 8 > end) return this.fail(this.at, "eight bytes");
        into.kind = ValueKind.Number;
        into.number = load<f64>(this.at);
        into.text = numberText(into.number);
        this.at += 8;
      } else {
        const size = this.size(tag, tag == 26 || tag == 42 || tag == 50 ? tag : 26, end);
        const part = this.at;
        if (this.problem.length > 0) return;
        if (tag == 26) {
          into.kind = ValueKind.String;
          into.text = this.text(part, size);
        } else if (tag == 42) this.struct(into, part, part + size, depth + 1);
        else this.list(into, part, part + size, depth + 1);
        this.at = part + size;
      }
    }
  }

  private list(into: Value, start: usize, end: usize, depth: i32): void {
    into.kind = ValueKind.Array;
    if (depth > MAX_DEPTH) return this.fail(start, "at most 64 levels");
    this.at = start;
    while (this.at < end && this.problem.length == 0) {
      const size = this.size(this.varint(end), 10, end);
      const part = this.at;
      if (this.problem.length > 0) return;
      const item = new Value(into);
      item.index = into.items.length;
      this.value(item, part, part + size, depth);
      into.items.push(item);
      this.at = part + size;
    }
  }

  private text(start: usize, size: usize): string {
    for (let at = start; at < start + size; at += characterSize) {
      if (characterAt(at, start + size) < 0) {
        this.fail(at, "UTF-8");
        return "";
      }
    }
    return decodeUtf8(start, size);
  }

  /** The length of a field whose tag must be this one. */
  private size(tag: u64, wanted: u64, end: usize): usize {
    if (tag != wanted) this.fail(this.at, "a field of a Struct");
    const size = <usize>this.varint(end);
    if (size > end - this.at) this.fail(this.at, "as many bytes as were announced");
    return this.problem.length > 0 ? 0 : size;
  }

  private varint(end: usize): u64 {
    let value: u64 = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      if (this.at >= end) {
        this.fail(this.at, "another byte");
        return 0;
      }
      const byte = <u64>load<u8>(this.at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    this.fail(this.at, "a number of at most ten bytes");
    return 0;
  }

  private fail(at: usize, expected: string): void {
    if (this.problem.length > 0) return;
    this.problem = "$ (offset " + decimal(<u32>(at - this.base)) + " of the Struct): expected " + expected;
  }
}
