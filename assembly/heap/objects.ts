/// <reference path="./asc.d.ts" />

import { BLOCK_OVERHEAD, MAX_SIZE, capacity, outOfMemory } from "filterwright/assembly/heap/blocks";

// AssemblyScript's objects, and their garbage collector: mark and sweep. What asc compiles with `--runtime incremental`
// keeps a shadow stack of what functions hold, and is collected whenever it pays. With `minimal` there is none, so the
// collector may only run while no function of ours is on the stack, and the garbage of one callback stays until it returns.
// Objects are laid out as std/assembly/rt/common.ts has them; two words of that are the collector's:
//
//     | class u32 | next u32 | reached u32 | class id u32 | size u32 | fields ... |
//
// `next` chains all objects of the heap. `reached` is 0; during a collection it chains those that are alive.

// @ts-ignore: decorator
@unmanaged
class Header {
  sizeClass!: u32;
  next!: Header | null;
  reached!: usize;
  rtId!: u32;
  rtSize!: u32;
}

const HEADER_SIZE: usize = offsetof<Header>();
/** The part of a header that lies in its block's payload. */
const OVERHEAD: usize = HEADER_SIZE - BLOCK_OVERHEAD;
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
  object.reached = 0;
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
  const object = changetype<Header>(before - HEADER_SIZE);
  // Static data has no block.
  if (before > __heap_base && OVERHEAD + size <= capacity(before - OVERHEAD)) {
    object.rtSize = <u32>size;
    return before;
  }
  const after = __new(size, object.rtId);
  memory.copy(after, before, min<usize>(size, object.rtSize));
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
  if (changetype<Header>(header).reached != 0) return;
  changetype<Header>(header).reached = END;
  changetype<Header>(lastReached).reached = header;
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
  changetype<Header>(beginning).reached = END;
  lastReached = beginning;
  __visit_globals(0);
  if (HAS_STACK) {
    for (let at = __stack_pointer; at < __heap_base; at += sizeof<usize>()) __visit(load<usize>(at), 0);
  }
  // The chain grows as it is walked.
  for (let at = changetype<Header>(beginning).reached; at != END; at = changetype<Header>(at).reached) {
    __visit_members(at + HEADER_SIZE, 0);
  }
  // As much again as is alive: that shares the price of a collection among all who made it due.
  budget = max(sweep(), LEAST_BUDGET);
  let at = changetype<Header>(beginning).reached;
  while (at != END) {
    const header = changetype<Header>(at);
    at = header.reached;
    header.reached = 0;
  }
}

/** Frees the objects that were not reached. @returns bytes that are alive */
function sweep(): i32 {
  let alive = 0;
  let object = newest;
  newest = null;
  while (object !== null) {
    const next = object.next;
    if (object.reached != 0) {
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
