import { Result } from "./abi.ts";
import { type ByteString, float64, int64 } from "./bytes.ts";
import { type Pair, encodePairs } from "./pairs.ts";

/**
 * The value of an attribute, in JavaScript's types: a bigint is a whole number (a duration, or a time, in nanoseconds), a
 * number has a fraction, a text is its bytes, an object is a map, an array a list.
 */
export type Attribute = ByteString | bigint | number | boolean | Attribute[] | Group | { [key: string]: Attribute };

/** Attributes under one name, made when they are asked for. Most of Envoy's cannot be had as a whole. */
export class Group {
  readonly get: (name: ByteString) => Attribute | undefined;
  readonly whole: (() => ByteString) | undefined;

  constructor(
    fields: Record<string, () => Attribute | undefined> | ((name: ByteString) => Attribute | undefined),
    whole?: () => ByteString,
  ) {
    this.get =
      typeof fields === "function" ? fields : (name) => (Object.hasOwn(fields, name) ? fields[name]!() : undefined);
    this.whole = whole;
  }

  /** With others in the place of some. */
  with(given: Record<string, Attribute>): Group {
    return new Group((name) => attributeOf(given, name) ?? this.get(name), this.whole);
  }
}

/** Names come from the module: `constructor` is not what every object has. */
export function attributeOf(attributes: Record<string, Attribute>, name: ByteString): Attribute | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** Descends from an attribute. @returns its bytes as the ABI gives them (Envoy's `serializeValue`), or why there are none */
export function readAttribute(value: Attribute | undefined, path: readonly ByteString[]): ByteString | Result {
  for (const part of path) {
    if (Array.isArray(value)) value = /^\d+$/.test(part) ? value[Number(part)] : undefined;
    else if (value instanceof Group) value = value.get(part);
    else if (typeof value === "object") value = attributeOf(value, part);
    else return Result.NotFound;
    if (value === undefined) return Result.NotFound;
  }
  if (value === undefined) return Result.NotFound;
  return value instanceof Group && !value.whole ? Result.SerializationFailure : serialize(value);
}

function serialize(value: Attribute): ByteString {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return int64(value);
  if (typeof value === "number") return float64(value);
  if (typeof value === "boolean") return value ? "\x01" : "\0";
  if (value instanceof Group) return value.whole?.() ?? "";
  const pairs: Pair[] = Array.isArray(value)
    ? value.map((item) => [serialize(item), ""])
    : Object.entries(value).map(([key, item]) => [key, serialize(item)]);
  return encodePairs(pairs);
}
