/// <reference path="../heap/asc.d.ts" />

// When to collect garbage. Our heap (assembly/heap) counts what is taken and says when it pays.
//
// What plain asc compiles, without our transform, has AssemblyScript's own `minimal` runtime, which never collects by
// itself. Collecting takes time in proportion to what is alive, so there it waits until the free memory is nearly used
// up. Its allocator (TLSF, std/assembly/rt/tlsf.ts) keeps a bitmap of the sizes of its free blocks at the start of the
// heap: one load tells how large the largest is.
//
//     bit n of the bitmap: there is a free block of 2^(n+7) to 2^(n+8) bytes (n > 0)

/** Collect when no free block is larger than 32 KiB. */
const LOW_WATER_BIT: u32 = 8;
/** As the values of `--runtime` are numbered. */
const MINIMAL = 1;

/** To be called at the end of a callback: no function of ours may be on the stack, for there is no shadow stack. */
// @ts-ignore: decorator
@inline
export function collectWhenDue(): void {
  if (isDefined(__collectionDue)) {
    if (__collectionDue()) __collect();
  } else if (ASC_RUNTIME == MINIMAL && freeBlocks() >> LOW_WATER_BIT == 0) collect();
}

// @ts-ignore: decorator
@inline
function freeBlocks(): u32 {
  return load<u32>((__heap_base + 15) & ~15);
}

function collect(): void {
  __collect();
  // Where nearly all is alive, the next collection would come at once and free as little. So that its price is shared
  // by many requests, there is room for a quarter of the memory again before it comes.
  const room = max<usize>((<usize>memory.size()) << 14, 1 << (LOW_WATER_BIT + 8));
  if (freeBlocks() < 1 << (30 - clz<u32>(<u32>room) - 6)) heap.free(heap.alloc(room));
}
