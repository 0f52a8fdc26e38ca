import { newBeside } from "filterwright/assembly/heap/beside";
import { encodeUtf8 } from "filterwright/assembly/text/utf8";

/** The least that is taken at once. */
const LEAST_CAPACITY = 64;

/**
 * A buffer of bytes that grows. Cleared, it keeps its memory, so that one that is used for every request allocates
 * nothing once it has grown.
 *
 *     | start          start + size |          capacity |
 *     | written                     | free              |
 *
 * Growing moves the bytes. Where they were they can still be read until the next growth: a function that calls `reserve` once
 * and then writes may have a part of this very writer as its input.
 */
export class ByteWriter {
  /** Where the bytes begin; moves when the writer grows. */
  start: usize = 0;
  /** How many there are. */
  size: i32 = 0;
  private capacity: i32 = 0;
  /** What `start` is the address of, for the collector. */
  private memory: ArrayBuffer | null = null;

  /** Where the next byte goes. */
  get end(): usize {
    return this.start + this.size;
  }

  clear(): void {
    this.size = 0;
  }

  /** Forgets what is behind the first so many bytes. */
  truncate(size: i32): void {
    this.size = min(size, this.size);
  }

  /** Makes room for so many bytes more. @returns `end`, which whoever writes there moves by adding to `size` */
  reserve(more: i32): usize {
    if (this.capacity - this.size < more) this.grow(more);
    return this.end;
  }

  byte(byte: u8): void {
    store<u8>(this.reserve(1), byte);
    this.size++;
  }

  bytes(start: usize, size: i32): void {
    memory.copy(this.reserve(size), start, size);
    this.size += size;
  }

  /** A text in UTF-8. A surrogate that stands alone becomes U+FFFD. */
  text(text: string): void {
    const to = this.reserve(3 * text.length);
    this.size += <i32>encodeUtf8(changetype<usize>(text), text.length, to);
  }

  /** A number in decimal digits; in front of one with fewer than `width` of them, zeros or what `padding` is. */
  decimal(number: u64, width: i32 = 1, padding: u8 = 0x30): void {
    let count = 1;
    for (let rest = number / 10; rest > 0; rest /= 10) count++;
    count = max(count, width);
    let at = this.reserve(count) + count;
    this.size += count;
    do {
      store<u8>(--at, 0x30 + <u8>(number % 10));
      number /= 10;
    } while (number > 0);
    while (at > this.end - count) store<u8>(--at, padding);
  }

  /** A number in decimal digits, a minus in front of a negative one. */
  integer(number: i64): void {
    if (number < 0) this.byte(0x2d);
    this.decimal(abs(number));
  }

  toArrayBuffer(): ArrayBuffer {
    const copy = changetype<ArrayBuffer>(__new(this.size, idof<ArrayBuffer>()));
    memory.copy(changetype<usize>(copy), this.start, this.size);
    return copy;
  }

  private grow(more: i32): void {
    this.capacity = max(max(this.size + more, 2 * this.capacity), LEAST_CAPACITY);
    const grown = changetype<ArrayBuffer>(newBeside(changetype<usize>(this), this.capacity, idof<ArrayBuffer>()));
    memory.copy(changetype<usize>(grown), this.start, this.size);
    this.start = changetype<usize>(grown);
    this.memory = grown;
  }
}
