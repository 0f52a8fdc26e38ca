// When to collect garbage, for AssemblyScript's `minimal` runtime, which never does it by itself. That runtime needs no
// shadow stack, which makes every function of a module shorter and faster, but it may only collect while no function of
// ours is on the stack: at the end of a callback.
//
// Collecting takes time in proportion to what is alive, so it waits until the free memory is nearly used up. The
// allocator (TLSF, std/assembly/rt/tlsf.ts) keeps a bitmap of the sizes of its free blocks at the start of the heap: one
// load tells how large the largest is.
//
//     bit n of the bitmap: there is a free block of 2^(n+7) to 2^(n+8) bytes (n > 0)

/** Collect when no free block is larger than 32 KiB. */
const LOW_WATER_BIT: u32 = 8;
/** As the values of `--runtime` are numbered. */
const MINIMAL = 1;

// @ts-ignore: decorator
@inline
export function collectWhenDue(): void {
  if (ASC_RUNTIME == MINIMAL && freeBlocks() >> LOW_WATER_BIT == 0) collect();
}

// @ts-ignore: decorator
@inline
function freeBlocks(): u32 {
  return load<u32>((__heap_base + 15) & ~15);
}

function collect(): void {
  // @ts-ignore: a function of the runtime, which the declarations for editors leave out
  __collect();
  // Where nearly all is alive, the next collection would come at once and free as little. So that its price is shared
  // by many requests, there is room for a quarter of the memory again before it comes.
  const room = max<usize>((<usize>memory.size()) << 14, 1 << (LOW_WATER_BIT + 8));
  if (freeBlocks() < 1 << (30 - clz<u32>(<u32>room) - 6)) heap.free(heap.alloc(room));
}
