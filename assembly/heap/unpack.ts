// The first bytes of records: see src/build/records.ts. Up to here they are texts.
const LONG_TEXT: usize = 251;
const OBJECT: usize = 252;
const BYTES: usize = 253;
const ZEROS: usize = 254;

const HEADER: usize = 20;
/** AssemblyScript's number of the class String. */
const STRING: u32 = 2;

/**
 * Writes the static data of a module as it was before src/build/static-data.ts packed it, and clears what it was packed in: the heap
 * begins there. Called before anything else runs, when memory is zero.
 */
export function unpackStaticData(from: usize, end: usize, to: usize): void {
  const recordsEnd = unpackRecords(from, end);
  for (let at = end; at < recordsEnd;) {
    const kind = <usize>load<u8>(at++);
    let size = kind;
    if (kind >= LONG_TEXT) {
      size = <usize>load<u16>(at);
      at += 2;
    }
    const shift: usize = kind <= LONG_TEXT ? 1 : 0;
    let content = to;
    let next = to + size;
    if (kind <= OBJECT) {
      const bytes = size << shift;
      content = to + HEADER;
      next = to + ((HEADER + bytes + 15) & ~15);
      store<u32>(to, <u32>(next - to - 4));
      store<u32>(to, kind == OBJECT ? load<u8>(at++) : STRING, 12);
      store<u32>(to, <u32>bytes, 16);
    }
    if (kind != ZEROS) for (let i: usize = 0; i < size; i++) store<u8>(content + (i << shift), load<u8>(at++));
    to = next;
  }
  memory.fill(from, 0, recordsEnd - from);
}

/** Undoes src/build/pack.ts, to where the packed bytes end. @returns where what they come to ends */
function unpackRecords(from: usize, end: usize): usize {
  let to = end;
  while (from < end) {
    const token = <usize>load<u8>(from++);
    let source = from - 1;
    let size: usize = 1;
    if (token == 0xff) source = from++;
    else if (token >= 0x80) {
      let back = <usize>load<u8>(from++);
      if (token < 0xc0) {
        size = ((token >> 3) & 7) + 3;
        back |= (token & 7) << 8;
      } else {
        size = ((token >> 1) & 31) + 3;
        back = ((token & 1) << 16) | (back << 8) | load<u8>(from++);
      }
      source = to - back - 1;
    }
    for (; size > 0; size--) store<u8>(to++, load<u8>(source++));
  }
  return to;
}
