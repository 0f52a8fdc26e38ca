import { decimal, isPlainName, quote } from "filterwright/assembly/text/format";

/** What a value of a document is. */
export enum ValueKind {
  Object,
  Array,
  String,
  Number,
  Boolean,
  Null,
}

/** A value of a configuration, from JSON or from a Struct, and where in it the value stands. */
export class Value {
  kind: ValueKind = ValueKind.Null;
  /** Of a string: its text. Of a number: its digits. Of `true`: "true"; of `null` in JSON: "null". */
  text: string = "";
  /** Of a number: the nearest f64; NaN for one of JSON that is beyond what `exactNumber` reads. */
  number: f64 = 0;
  /** Of an object or array: what it holds, in order. */
  readonly items: Value[] = [];
  /** In an object: its key. */
  key: string = "";
  /** In an array: its index. */
  index: i32 = -1;
  /** In a JSON text: where it begins and ends, in bytes. */
  start: i32 = 0;
  end: i32 = 0;

  constructor(readonly outer: Value | null) {}

  get isTrue(): bool {
    return this.kind == ValueKind.Boolean && this.text.length == 4;
  }

  /** Whether it is a string, and not an empty one. */
  get isText(): bool {
    return this.kind == ValueKind.String && this.text.length > 0;
  }

  /** The value of a key; null where the object, or whatever this is, has none. */
  get(key: string): Value | null {
    for (let i = 0; i < this.items.length; i++) if (this.items[i].key == key) return this.items[i];
    return null;
  }

  /** The place as `rules[0].request[1].set`; `$` for the document as a whole. */
  path(): string {
    const outer = this.outer;
    if (outer === null) return "$";
    const before = outer.outer === null ? "" : outer.path();
    const isNamed = this.index < 0;
    if (isNamed && isPlainName(this.key)) return before.length == 0 ? this.key : before + "." + this.key;
    return before + "[" + (isNamed ? quote(this.key) : decimal(this.index)) + "]";
  }

  /** What it is, in words, for `expected ..., found ...`. */
  describe(): string {
    switch (this.kind) {
      case ValueKind.Object:
        return "an object";
      case ValueKind.Array:
        return "an array";
      case ValueKind.String:
        return quote(this.text);
      case ValueKind.Null:
        return "null";
      default:
        return this.text;
    }
  }
}
