// Lets a test in Node write by a ByteWriter.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { writeDouble } from "filterwright/assembly/text/double";
import { output } from "./byte-exchange";

export function clear(): void {
  output.clear();
}

export function truncate(size: i32): void {
  output.truncate(size);
}

export function byte(value: u8): void {
  output.byte(value);
}

export function bytes(to: ByteWriter, start: usize, size: i32): void {
  to.bytes(start, size);
}

/** Writes a part of what the writer has already behind it. */
export function repeat(from: i32, size: i32): void {
  output.bytes(output.start + from, size);
}

/** Writes a text of these UTF-16 units. */
export function text(to: ByteWriter, start: usize, size: i32): void {
  to.text(String.UTF16.decodeUnsafe(start, size));
}

export function decimal(number: u64, width: i32, padding: u8): void {
  output.decimal(number, width, padding);
}

export function digits(number: u64): void {
  output.decimal(number);
}

export function double(to: ByteWriter, number: f64): bool {
  return writeDouble(to, number);
}

export function integer(to: ByteWriter, number: i64): void {
  to.integer(number);
}

export function copy(): void {
  const copied = output.toArrayBuffer();
  output.clear();
  output.bytes(changetype<usize>(copied), copied.byteLength);
}

/** True where all that is written lies in the block that was taken for it, whose header says how large it is. */
export function fits(): bool {
  return output.size == 0 || <u32>output.size <= load<u32>(output.start - 4);
}
