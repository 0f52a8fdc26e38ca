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
 *
 * @param records where what is packed becomes records @param to where those become data
 */
export function unpackStaticData(packed: usize, records: usize, recordsEnd: usize, to: usize): void {
  unpackRecords(packed, records, recordsEnd);
  for (let at = records; at < recordsEnd;) {
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
  memory.fill(packed, 0, recordsEnd - packed);
}

// Kinds of bits, and their probabilities, as src/build/pack.ts and range-encoder.ts have them.
const IS_COPY: usize = 0;
const OF_DISTANCE: usize = 1 * 2;
const BYTE: usize = 2 * 2;
const SIZE: usize = BYTE + 256 * 2;
const DISTANCE_SIZE: usize = SIZE + 32 * 2;
const PROBABILITIES: usize = DISTANCE_SIZE + 16 * 2;
const EVEN: u16 = 1024;
const RATE = 4;

// @ts-ignore: decorator
@lazy let next: usize = 0;
// @ts-ignore: decorator
@lazy let code: u32 = 0;
// @ts-ignore: decorator
@lazy let range: u32 = 0;

/** Undoes src/build/pack.ts. */
function unpackRecords(packed: usize, to: usize, end: usize): void {
  const kinds = to - PROBABILITIES;
  for (let kind = kinds; kind < to; kind += 2) store<u16>(kind, EVEN);
  next = packed;
  range = 0xffffffff;
  code = 0;
  for (let i = 0; i < 4; i++) takeByte();
  while (to < end) {
    if (readBit(kinds + IS_COPY) == 0) {
      store<u8>(to++, <u8>readNumber(kinds + BYTE, 8));
      continue;
    }
    // A number that was read has a 1 in front.
    let size = readNumber(kinds + SIZE, 5) - 32 + 2;
    let back: usize = 1;
    for (let bits = readNumber(kinds + DISTANCE_SIZE, 4) - 16; bits > 0; bits--) {
      back = (back << 1) | readBit(kinds + OF_DISTANCE);
    }
    for (; size > 0; size--) {
      store<u8>(to, load<u8>(to - back));
      to++;
    }
  }
}

/** @returns so many bits, behind a 1 */
function readNumber(kinds: usize, count: i32): u32 {
  let number: u32 = 1;
  for (; count > 0; count--) number = (number << 1) | readBit(kinds + (number << 1));
  return number;
}

function readBit(kind: usize): u32 {
  const probability = <u32>load<u16>(kind);
  const bound = (range >> 11) * probability;
  let bit: u32 = 0;
  if (code >= bound) {
    bit = 1;
    code -= bound;
    range -= bound;
    store<u16>(kind, <u16>(probability - (probability >> RATE)));
  } else {
    range = bound;
    store<u16>(kind, <u16>(probability + ((2048 - probability) >> RATE)));
  }
  if (range < 1 << 24) {
    range <<= 8;
    takeByte();
  }
  return bit;
}

function takeByte(): void {
  code = (code << 8) | load<u8>(next++);
}
