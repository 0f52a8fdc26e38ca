/// <reference path="./asc.d.ts" />

/** Makes an object that is freed with another, where objects are not collected: see regions.ts. Elsewhere it lives as long as it is used. */
// @ts-ignore: decorator
@inline
export function newBeside(other: usize, size: usize, id: u32): usize {
  return isDefined(__newBeside) ? __newBeside(other, size, id) : __new(size, id);
}
