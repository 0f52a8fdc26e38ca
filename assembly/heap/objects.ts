/// <reference path="./asc.d.ts" />

import { BLOCK_OVERHEAD, MAX_SIZE, outOfMemory } from "filterwright/assembly/heap/blocks";
import { HEADER_SIZE, Header, OVERHEAD, headerOf, resizeInPlace } from "filterwright/assembly/heap/object";

// AssemblyScript's objects, and their garbage collector: mark and sweep. What asc compiles with `--runtime incremental`
// keeps a shadow stack of what functions hold, and is collected whenever it pays. With `minimal` there is none, so the
// collector may only run while no function of ours is on the stack, and the garbage of one callback stays until it returns.
//
// `next` of a header chains all objects of the heap. `owner` is 0; during a collection it chains those that are alive.

/** `--runtime incremental`, as its values are numbered. */
// @ts-ignore: decorator
@inline
const HAS_STACK: bool = ASC_RUNTIME == 2;
/** Ends the chain of those reached: a number that is no object's address. */
const END: usize = 1;
/** Bytes that may be taken between two collections, however few are alive. */
const LEAST_BUDGET: i32 = 64 * 1024;

// @ts-ignore: decorator
@lazy let newest: Header | null = null;
/** A header without an object, which begins the chain of those reached. */
// @ts-ignore: decorator
@lazy const beginning: usize = memory.data(offsetof<Header>(), 4);
// @ts-ignore: decorator
@lazy let lastReached: usize = 0;
/** Bytes that may be taken before the next collection. */
// @ts-ignore: decorator
@lazy let budget: i32 = LEAST_BUDGET;

// @ts-ignore: decorator
@global @unsafe
export function __new(size: usize, id: u32): usize {
  if (size > MAX_SIZE) outOfMemory();
  if (HAS_STACK && budget < 0) __collect();
  const payload = __alloc(OVERHEAD + size);
  // What the generated code expects of the incremental runtime.
  if (HAS_STACK) memory.fill(payload + OVERHEAD, 0, size);
  const object = changetype<Header>(payload - BLOCK_OVERHEAD);
  object.next = newest;
  object.owner = 0;
  object.rtId = id;
  object.rtSize = <u32>size;
  newest = object;
  budget -= <i32>(HEADER_SIZE + size);
  return payload + OVERHEAD;
}

/** The address of the object that was made last: for tests of what makes none. */
export function newestObject(): usize {
  return changetype<usize>(newest);
}

// @ts-ignore: decorator
@global @unsafe
export function __renew(before: usize, size: usize): usize {
  if (resizeInPlace(before, size)) return before;
  const after = __new(size, headerOf(before).rtId);
  memory.copy(after, before, min<usize>(size, headerOf(before).rtSize));
  return after;
}

// @ts-ignore: decorator
@global @unsafe
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

/** Objects that stay alive though only the host has them. */
class Pin {
  constructor(
    readonly object: Object,
    public next: Pin | null,
  ) {}
}

// @ts-ignore: decorator
@lazy let pins: Pin | null = null;

// @ts-ignore: decorator
@global @unsafe
export function __pin(object: usize): usize {
  if (object != 0) pins = new Pin(changetype<Object>(object), pins);
  return object;
}

// @ts-ignore: decorator
@global @unsafe
export function __unpin(object: usize): void {
  let before: Pin | null = null;
  let pin = pins;
  while (pin !== null && changetype<usize>(pin.object) != object) {
    before = pin;
    pin = pin.next;
  }
  if (pin === null) return;
  if (before === null) pins = pin.next;
  else before.next = pin.next;
}

/** Notes that an object is alive. The calls are asc's. */
// @ts-ignore: decorator
@global @unsafe
export function __visit(address: usize, cookie: u32): void {
  if (address == 0) return;
  const header = address - HEADER_SIZE;
  if (changetype<Header>(header).owner != 0) return;
  changetype<Header>(header).owner = END;
  changetype<Header>(lastReached).owner = header;
  lastReached = header;
}

/** Whether so much was taken that a collection pays. */
// @ts-ignore: decorator
@global @inline
function __collectionDue(): bool {
  return budget < 0;
}

/** Frees what cannot be reached from a global variable. */
// @ts-ignore: decorator
@global @unsafe
export function __collect(): void {
  changetype<Header>(beginning).owner = END;
  lastReached = beginning;
  __visit_globals(0);
  if (HAS_STACK) {
    for (let at = __stack_pointer; at < __heap_base; at += sizeof<usize>()) __visit(load<usize>(at), 0);
  }
  // The chain grows as it is walked.
  for (let at = changetype<Header>(beginning).owner; at != END; at = changetype<Header>(at).owner) {
    __visit_members(at + HEADER_SIZE, 0);
  }
  // As much again as is alive: that shares the price of a collection among all who made it due.
  budget = max(sweep(), LEAST_BUDGET);
  let at = changetype<Header>(beginning).owner;
  while (at != END) {
    const header = changetype<Header>(at);
    at = header.owner;
    header.owner = 0;
  }
}

/** Frees the objects that were not reached. @returns bytes that are alive */
function sweep(): i32 {
  let alive = 0;
  let object = newest;
  newest = null;
  while (object !== null) {
    const next = object.next;
    if (object.owner != 0) {
      alive += <i32>(HEADER_SIZE + object.rtSize);
      object.next = newest;
      newest = object;
    } else {
      if (isDefined(__finalize)) __finalize(changetype<usize>(object) + HEADER_SIZE);
      __free(changetype<usize>(object) + BLOCK_OVERHEAD);
    }
    object = next;
  }
  return alive;
}
