import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { indexOfWord } from "filterwright/assembly/text/words";
import { decimal, quote } from "filterwright/assembly/text/format";

/** An object whose keys are known: each is asked for by its type, and what is not asked for may not be there. */
export class Fields {
  readonly isObject: bool;

  /** @param keys those that the object may have, such as `name, value` */
  constructor(
    readonly value: Value,
    private readonly problems: Problems,
    private readonly keys: string,
  ) {
    this.isObject = value.kind == ValueKind.Object;
    if (!this.isObject) problems.addExpected(value, "an object");
    for (let i = 0; this.isObject && i < value.items.length; i++) {
      const key = value.items[i].key;
      // The path of an unknown key is that of the object which holds it.
      if (indexOfWord(keys, key) < 0) problems.add(value, "expected one of " + keys + ", found the key " + quote(key));
    }
  }

  /** Tells where there is none of the keys. */
  expectSome(): void {
    if (this.isObject && this.value.items.length == 0) this.problems.addExpected(this.value, "one of " + this.keys);
  }

  has(key: string): bool {
    return this.get(key) !== null;
  }

  get(key: string): Value | null {
    return this.isObject ? this.value.get(key) : null;
  }

  /** The value of a key that must be there. @param expected what should be, for the message @returns null where it is missing */
  required(key: string, expected: string): Value | null {
    const value = this.get(key);
    if (value === null && this.isObject)
      this.problems.add(this.value, "expected " + key + ": " + expected + ", found none");
    return value;
  }

  string(key: string, otherwise: string): string {
    const value = this.get(key);
    if (value === null) return otherwise;
    if (value.kind == ValueKind.String) return value.text;
    this.problems.addExpected(value, "a string");
    return otherwise;
  }

  boolean(key: string, otherwise: bool): bool {
    const value = this.get(key);
    if (value === null) return otherwise;
    if (value.kind == ValueKind.Boolean) return value.isTrue;
    this.problems.addExpected(value, "true or false");
    return otherwise;
  }

  /** @param names of which one may stand there, such as `all, first`; the first is the default @returns its index */
  choice(key: string, names: string): i32 {
    const value = this.get(key);
    if (value === null) return 0;
    const index = value.kind == ValueKind.String ? indexOfWord(names, value.text) : -1;
    if (index >= 0) return index;
    this.problems.addExpected(value, "one of " + names);
    return 0;
  }

  /** A whole number that is not negative. */
  integer(key: string, otherwise: i32, least: i32, most: i32): i32 {
    const value = this.get(key);
    if (value === null) return otherwise;
    const number = value.number;
    const isGood =
      value.kind == ValueKind.Number && number == Math.floor(number) && number >= <f64>least && number <= <f64>most;
    if (isGood) return <i32>number;
    this.problems.addExpected(value, "a whole number from " + decimal(least) + " to " + decimal(most));
    return otherwise;
  }

  /** The elements of an array; none where the key is missing. */
  array(key: string): Value[] {
    const value = this.get(key);
    if (value === null) return [];
    if (value.kind == ValueKind.Array) return value.items;
    this.problems.addExpected(value, "an array");
    return [];
  }
}
