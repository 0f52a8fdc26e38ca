/// <reference path="../heap/asc.d.ts" />

import { take } from "filterwright/assembly/runtime/arena";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";

// What a host call gives back through two pointers: where the bytes are (in the arena), and how many.

/** Where the host writes the address of what it gives. */
export const startSlot: usize = memory.data(8);
/** Where the host writes its size. */
export const sizeSlot: usize = startSlot + 4;
/** Where the host writes one number of up to 64 bits. */
export const numberSlot: usize = memory.data(8);

/** The bytes that the host gave last, as text. What is not UTF-8 comes out as U+FFFD. */
export function givenText(): string {
  return decodeUtf8(load<usize>(startSlot), load<usize>(sizeSlot));
}

/** The bytes that the host gave last. */
export function givenBytes(): ArrayBuffer {
  return copyOut(load<usize>(startSlot), load<usize>(sizeSlot));
}

/** A copy that outlives the callback. */
export function copyOut(start: usize, size: usize): ArrayBuffer {
  const copy = changetype<ArrayBuffer>(__new(size, idof<ArrayBuffer>()));
  memory.copy(changetype<usize>(copy), start, size);
  return copy;
}

/** A copy for the host that outlives the object which has the bytes now, until the callback returns. */
export function copyIn(start: usize, size: usize): usize {
  const copy = take(size);
  memory.copy(copy, start, size);
  return copy;
}
