/// <reference path="../heap/asc.d.ts" />

// When to collect garbage between callbacks. Our heap (assembly/heap) counts what is taken and says when it pays.
//
// What plain asc compiles, without our transform, with AssemblyScript's own `minimal` runtime, never collects by itself.
// Collecting takes time in proportion to what is alive, so there it waits until little of the memory is free. Its allocator
// (TLSF, std/assembly/rt/tlsf.ts) keeps a bitmap of the sizes of its free blocks at the start of the heap: one load tells how
// large the largest is.
//
//     bit n of the bitmap: there is a free block of 2^(n+7) to 2^(n+8) bytes (n > 0)

/** As the values of `--runtime` are numbered. */
const MINIMAL = 1;
/** Room that is left, however small the memory. */
const LEAST_ROOM: usize = 32 * 1024;

/** To be called at the end of a callback: no function of ours may be on the stack, for there may be no shadow stack. */
// @ts-ignore: decorator
@inline
export function collectWhenDue(): void {
  if (isDefined(__collectionDue)) {
    if (__collectionDue()) __collect();
  } else if (isDefined(__clearCallbackRegion)) {
    __clearCallbackRegion();
  } else if (ASC_RUNTIME == MINIMAL && !hasRoom(eighth())) collect();
}

/** An eighth of the memory: as long as a free block is as large, the next collection can wait. */
// @ts-ignore: decorator
@inline
function eighth(): usize {
  return max<usize>((<usize>memory.size()) << 13, LEAST_ROOM);
}

// @ts-ignore: decorator
@inline
function hasRoom(size: usize): bool {
  return load<u32>((__heap_base + 15) & ~15) >= 1 << (31 - clz<u32>(<u32>size) - 7);
}

function collect(): void {
  __collect();
  // Where nearly all is alive, the next collection would come at once and free as little: so there is room again, and its
  // price is shared by many requests.
  const room = eighth() * 2;
  if (!hasRoom(room)) heap.free(heap.alloc(room));
}
