import { take } from "filterwright/assembly/runtime/arena";

/** Where the host puts what it gives to a callback. It is gone when the callback returns. */
export function malloc(size: i32): usize {
  return take(<usize>size);
}

/** The host never calls it; the published SDK exported it. */
export function free(ptr: usize): void {}
