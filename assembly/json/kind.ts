import { char, hexByte } from "filterwright/assembly/text/format";

/** What a JSON value is. */
export enum JsonKind {
  /** No value begins here. */
  None,
  Object,
  Array,
  String,
  Number,
  Boolean,
  Null,
}

/** The kind of value that begins with this byte. */
export function kindOf(first: u8): JsonKind {
  switch (first) {
    case 0x7b: // {
      return JsonKind.Object;
    case 0x5b: // [
      return JsonKind.Array;
    case 0x22: // "
      return JsonKind.String;
    case 0x74: // t
    case 0x66: // f
      return JsonKind.Boolean;
    case 0x6e: // n
      return JsonKind.Null;
    case 0x2d: // -
      return JsonKind.Number;
    default:
      return <u8>(first - 0x30) < 10 ? JsonKind.Number : JsonKind.None;
  }
}

/** A kind in words, for an error message. */
export function nameOf(kind: JsonKind): string {
  switch (kind) {
    case JsonKind.Object:
      return "an object";
    case JsonKind.Array:
      return "an array";
    case JsonKind.String:
      return "a string";
    case JsonKind.Number:
      return "a number";
    case JsonKind.Boolean:
      return "true or false";
    default:
      return "null";
  }
}

/** What begins with this byte, in words. */
export function describe(first: u8): string {
  const kind = kindOf(first);
  if (kind != JsonKind.None) return nameOf(kind);
  return first > 0x20 && first < 0x7f ? quoted(first) : "byte 0x" + hexByte(first);
}

/** A character in single quotes. */
export function quoted(character: u8): string {
  return char(0x27) + char(character) + char(0x27);
}
