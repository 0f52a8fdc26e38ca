import { char, decimal, isPlainName, quote } from "filterwright/assembly/text/format";

/** A key of an object, and those before it. */
class Key {
  constructor(
    readonly text: string,
    readonly before: Key | null,
  ) {}
}

/** A container that a reader is inside of, and where in it the reader stands. */
export class Frame {
  /** How many containers there are around a value in this one. */
  readonly depth: i32;
  /** Of an array: the index of the current element, -1 before the first. */
  private index: i32 = -1;
  /** Of an object: the current key; null before the first. */
  private latest: Key | null = null;

  constructor(readonly outer: Frame | null) {
    this.depth = outer === null ? 1 : outer.depth + 1;
  }

  get isAtStart(): bool {
    return this.index < 0 && this.latest === null;
  }

  /** The current key; empty in an array. */
  get key(): string {
    const key = this.latest;
    return key === null ? "" : key.text;
  }

  /** Moves to the next element of an array. */
  nextElement(): void {
    this.index++;
  }

  /** Moves to a key of an object. @returns false where the object had it already */
  nextKey(text: string): bool {
    let key = this.latest;
    this.latest = new Key(text, key);
    while (key !== null && key.text != text) key = key.before;
    return key === null;
  }

  /** Stands for the container as a whole again. */
  leaveItem(): void {
    this.index = -1;
    this.latest = null;
  }

  /** The place as `rules[0].add["x y"]`; empty for the document as a whole. */
  path(): string {
    const outer = this.outer;
    const path = outer === null ? "" : outer.path();
    const key = this.latest;
    if (key === null && this.index < 0) return path;
    if (key !== null && isPlainName(key.text)) return path.length == 0 ? key.text : path + char(0x2e) + key.text;
    return path + char(0x5b) + (key !== null ? quote(key.text) : decimal(this.index)) + char(0x5d);
  }
}
