// The memory manager: blocks in size classes, each class with a list of its free blocks. Taking one is a look at its
// list, giving one back puts it there; nothing is split or joined. Four classes to each doubling, so that a block is at
// most a quarter too large. What stands at a block's start is how AssemblyScript lays objects out (std/assembly/rt/common.ts):
//
//     block: | class u32 | payload, aligned to 16 ... |      a free block's payload begins with the next free one

/** The class, in front of the payload. */
export const BLOCK_OVERHEAD: usize = 4;
const GRANULE_BITS: usize = 4;
const GRANULE: usize = 1 << GRANULE_BITS;
/** Larger blocks are refused; as in AssemblyScript's other runtimes. */
export const MAX_SIZE: usize = (1 << 30) - 64;
/** Of the largest block. */
const CLASSES: i32 = 104;

/** Of each class the first free block's payload, or 0. */
const freeBlocks: usize = memory.data(CLASSES * 4, 4);
/** Where no block is yet. Payloads stand at multiples of a granule, so blocks begin four bytes before. */
// @ts-ignore: decorator
@lazy let top: usize = ((__heap_base + BLOCK_OVERHEAD + (GRANULE - 1)) & ~(GRANULE - 1)) - BLOCK_OVERHEAD;

/** @returns a block's payload: at least so many bytes, not zeroed */
// @ts-ignore: decorator
@global
@unsafe
export function __alloc(size: usize): usize {
  if (size > MAX_SIZE) outOfMemory();
  // A size of n granules, counted from 0, is binary 1xxyyy...: the three bits in front make the class, the rest is rounded up.
  const granules = (size + BLOCK_OVERHEAD - 1) >> GRANULE_BITS;
  const rest = <usize>max<i32>(29 - clz<i32>(<i32>granules), 0);
  const sizeClass = (rest << 2) + (granules >> rest);
  const free = freeBlocks + (sizeClass << 2);
  const payload = load<usize>(free);
  if (payload != 0) {
    store<usize>(free, load<usize>(payload));
    return payload;
  }
  return carve(sizeClass, ((granules >> rest) + 1) << (rest + GRANULE_BITS));
}

/** @param payload what `__alloc` gave */
// @ts-ignore: decorator
@global
@unsafe
export function __free(payload: usize): void {
  const free = freeBlocks + (load<usize>(payload - BLOCK_OVERHEAD) << 2);
  store<usize>(payload, load<usize>(free));
  store<usize>(free, payload);
}

// @ts-ignore: decorator
@global
@unsafe
export function __realloc(payload: usize, size: usize): usize {
  const room = capacity(payload);
  if (size <= room) return payload;
  const larger = __alloc(size);
  memory.copy(larger, payload, room);
  __free(payload);
  return larger;
}

/** Bytes of a payload: what was asked for, and what rounding added. */
export function capacity(payload: usize): usize {
  const sizeClass = load<usize>(payload - BLOCK_OVERHEAD);
  const rest = <usize>max<i32>(((<i32>sizeClass) >> 2) - 1, 0);
  return ((sizeClass - (rest << 2) + 1) << (rest + GRANULE_BITS)) - BLOCK_OVERHEAD;
}

/** A block where none was. */
function carve(sizeClass: usize, size: usize): usize {
  const payload = top + BLOCK_OVERHEAD;
  // In 64 bits: the end of memory may be the end of the address space.
  const missing = <i64>top + <i64>size - ((<i64>memory.size()) << 16);
  if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) outOfMemory();
  store<usize>(top, sizeClass);
  top += size;
  return payload;
}

export function outOfMemory(): void {
  abort("out of memory", null, 0, 0);
}
