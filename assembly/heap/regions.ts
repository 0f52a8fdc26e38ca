/// <reference path="./asc.d.ts" />

import { BLOCK_OVERHEAD, MAX_SIZE, outOfMemory } from "filterwright/assembly/heap/blocks";
import { HEADER_SIZE, Header, OVERHEAD, headerOf, resizeInPlace } from "filterwright/assembly/heap/object";

// What `--runtime stub` means with our transform: no object is collected. Each belongs to a region, and a region is freed as a
// whole, with all that was made while it was the current one. A filter that has no region but the first keeps what it makes.
//
// A region's number is the address of its newest object's address; an object is chained to the one before it.

// @ts-ignore: decorator
@lazy let made: u32 = 0;
/** Where objects are made at first. It is never freed. */
// @ts-ignore: decorator
@lazy const forever: usize = memory.data(4);
/** Cleared when a callback returns: for a filter that enters it. */
export const callbackRegion: usize = memory.data(4);
// @ts-ignore: decorator
@lazy let current: usize = forever;

// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, id: u32): usize {
  return newIn(current, size, id);
}

/** Makes an object that lives as long as another. */
// @ts-ignore: decorator
@global @unsafe
export function __newBeside(other: usize, size: usize, id: u32): usize {
  return newIn(other < __heap_base ? forever : headerOf(other).owner, size, id);
}

function newIn(region: usize, size: usize, id: u32): usize {
  if (size > MAX_SIZE) outOfMemory();
  const payload = __alloc(OVERHEAD + size);
  // The transform relies on it: src/build/zero-stores.ts.
  memory.fill(payload + OVERHEAD, 0, size);
  const object = changetype<Header>(payload - BLOCK_OVERHEAD);
  object.next = load<Header | null>(region);
  object.owner = region;
  object.rtId = id;
  object.rtSize = <u32>size;
  store<Header>(region, object);
  made++;
  return payload + OVERHEAD;
}

/** How many objects were made: for tests of what makes none. A module that does not export it does not count. */
export function objectsMade(): u32 {
  return made;
}

// @ts-ignore: decorator
@global @unsafe
export function __renew(before: usize, size: usize): usize {
  if (resizeInPlace(before, size)) return before;
  const after = __newBeside(before, size, headerOf(before).rtId);
  memory.copy(after, before, min<usize>(size, headerOf(before).rtSize));
  return after;
}

/** @returns a region, which is not the current one yet */
export function newRegion(): usize {
  const region = __alloc(4);
  store<usize>(region, 0);
  return region;
}

/** Objects are made there from now on. @returns the region where they were made */
export function enterRegion(region: usize): usize {
  const before = current;
  current = region;
  return before;
}

// @ts-ignore: decorator
@global @inline
function __clearCallbackRegion(): void {
  if (load<usize>(callbackRegion) != 0) clearRegion(callbackRegion);
}

/** Frees the objects of a region, which is empty then; where a module declares a global OVERWRITES_FREED, whoever uses one still sees it. */
export function clearRegion(region: usize): void {
  let object = load<Header | null>(region);
  store<usize>(region, 0);
  while (object !== null) {
    const next = object.next;
    if (isDefined(OVERWRITES_FREED)) memory.fill(changetype<usize>(object) + HEADER_SIZE, 0xdb, object.rtSize);
    __free(changetype<usize>(object) + BLOCK_OVERHEAD);
    object = next;
  }
}

/** Frees a region and its objects. */
export function freeRegion(region: usize): void {
  clearRegion(region);
  __free(region);
}

// What the generated code and AssemblyScript's own library call.

// @ts-ignore: decorator
@global @unsafe
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {}

// @ts-ignore: decorator
@global @unsafe
export function __visit(object: usize, cookie: u32): void {}

// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {}
