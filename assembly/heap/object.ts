import { BLOCK_OVERHEAD, capacity } from "filterwright/assembly/heap/blocks";

// Objects are laid out as AssemblyScript has them (std/assembly/rt/common.ts); two words of that are for whoever frees them:
//
//     | class u32 | next u32 | owner u32 | class id u32 | size u32 | fields ... |

// @ts-ignore: decorator
@unmanaged
export class Header {
  sizeClass!: u32;
  next!: Header | null;
  /** With a collector, the next one that was reached; with regions, the region. */
  owner!: usize;
  rtId!: u32;
  rtSize!: u32;
}

export const HEADER_SIZE: usize = offsetof<Header>();
/** The part of a header that lies in its block's payload. */
export const OVERHEAD: usize = HEADER_SIZE - BLOCK_OVERHEAD;

// @ts-ignore: decorator
@inline
export function headerOf(object: usize): Header {
  return changetype<Header>(object - HEADER_SIZE);
}

/** Makes an object as large as its block allows. @returns whether that was enough */
export function resizeInPlace(object: usize, size: usize): bool {
  // Static data has no block.
  if (object < __heap_base || OVERHEAD + size > capacity(object - OVERHEAD)) return false;
  headerOf(object).rtSize = <u32>size;
  return true;
}
