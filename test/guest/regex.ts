// Lets a test in Node compile patterns, match texts against them, and read the groups and the steps that it took.

import "@solo-io/proxy-runtime";
import { Regex } from "filterwright/assembly/regex";
import { steps } from "filterwright/assembly/regex/machine";

/** Has the machine count its steps. */
// @ts-ignore: decorator
@global
const REGEX_STEPS: bool = true;

let input: ArrayBuffer = new ArrayBuffer(0);
let regex: Regex = Regex.parse("");

/** @returns where to put a pattern, in UTF-16, or a text */
export function allocate(size: i32): usize {
  input = new ArrayBuffer(size);
  return changetype<usize>(input);
}

export function parse(): void {
  regex = Regex.parse(String.UTF16.decode(input));
}

export function errorStart(): usize {
  return changetype<usize>(regex.error);
}

export function errorLength(): i32 {
  return regex.error.length;
}

export function groupCount(): i32 {
  return regex.groupCount;
}

export function programSize(): i32 {
  return regex.programSize;
}

/** The number of the group whose name the input is. */
export function groupIndex(): i32 {
  return regex.groupIndex(String.UTF16.decode(input));
}

export function matches(): bool {
  return regex.matches(changetype<usize>(input), input.byteLength);
}

export function search(from: i32): bool {
  return regex.search(changetype<usize>(input), input.byteLength, from);
}

export function groupStart(i: i32): i32 {
  return regex.groupStart(i);
}

export function groupEnd(i: i32): i32 {
  return regex.groupEnd(i);
}

export function stepCount(): i32 {
  return steps;
}

/** The block that the heap would give next to one who asks for so much. */
export function freeBlock(size: i32): usize {
  const block = heap.alloc(size);
  heap.free(block);
  return block;
}
