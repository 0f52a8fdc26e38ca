// Memory that lives as long as one callback: what the host fills for us, and texts on their way to the host. It is
// taken from the front of a fixed region and given back all at once when the callback returns, so that a request
// leaves nothing behind.
//
//     regionStart                 next                    regionEnd
//     | taken in this callback    | free                  |        overflow: blocks of the heap, freed at the end

const REGION_SIZE: usize = 32 * 1024;
const ALIGNMENT: usize = 8;

const regionStart: usize = memory.data(<i32>REGION_SIZE, 8);
let next: usize = regionStart;
/** The last block taken from the heap, which begins with the address of the one before; 0 for none. */
let overflow: usize = 0;

/** Takes so many bytes until the callback returns, aligned to eight. */
export function take(size: usize): usize {
  const start = next;
  const end = start + ((size + (ALIGNMENT - 1)) & ~(ALIGNMENT - 1));
  // Compared as a difference: a size near the end of the address space must not wrap around.
  if (size <= REGION_SIZE && end <= regionStart + REGION_SIZE) {
    next = end;
    return start;
  }
  // Near the end of the address space the sum would wrap around: the allocator refuses it as it is.
  const block = heap.alloc(max(ALIGNMENT + size, size));
  store<usize>(block, overflow);
  overflow = block;
  return block + ALIGNMENT;
}

/** Gives all of it back. Only for the end of a callback. */
// @ts-ignore: decorator
@inline
export function giveBackAll(): void {
  next = regionStart;
  if (overflow != 0) freeOverflow();
}

function freeOverflow(): void {
  while (overflow != 0) {
    const block = overflow;
    overflow = load<usize>(block);
    heap.free(block);
  }
}
