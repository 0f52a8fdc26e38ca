// How a test in Node gives slices of bytes to functions, and gets what they write. For the guests of such functions.

import "@solo-io/proxy-runtime";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

export const output: ByteWriter = new ByteWriter();

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(start: usize): void {
  heap.free(start);
}

/** The object, which functions get as an argument. */
export function writer(): ByteWriter {
  return output;
}

export function outputStart(): usize {
  return output.start;
}

export function outputSize(): i32 {
  return output.size;
}
