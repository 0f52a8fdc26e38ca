import { Words } from "filterwright/assembly/regex/words";

// A set of characters, in a program's `sets`:
//
//     | bits of 0 to 63 u64 | bits of 64 to 127 u64 | isNegated u32 | bytes of ranges u32 | first u32 | last u32 | first ...
//
// The bits say which ASCII characters are in the set. Of others the ranges do, or what lies outside of them where isNegated
// is 1.

const HEADER_SIZE: i32 = 24;
const MAX_CHARACTER: i32 = 0x10ffff;

/** Writes one set, behind those that are there. */
export class SetWriter {
  /** Where the set is, in bytes from the first. */
  readonly offset: i32;
  private low: u64 = 0;
  private high: u64 = 0;

  constructor(private readonly sets: Words) {
    this.offset = sets.size;
    sets.take(HEADER_SIZE);
  }

  /** Adds the characters from one to another. */
  add(first: i32, last: i32): void {
    for (let c = first; c <= min(last, 127); c++) {
      if (c < 64) this.low |= (<u64>1) << c;
      else this.high |= (<u64>1) << (c - 64);
    }
    if (last > 127) this.addRange(first, last);
  }

  /** Adds ASCII characters, given by their bits; where negated, all characters but those. */
  addBits(low: u64, high: u64, isNegated: bool): void {
    const flip: u64 = isNegated ? -1 : 0;
    this.low |= low ^ flip;
    this.high |= high ^ flip;
    if (isNegated) this.addRange(128, MAX_CHARACTER);
  }

  /** Ends the set: with the letters' other case where it ignores case, and turned round where it is negated. */
  finish(ignoresCase: bool, isNegated: bool): void {
    const flip: u64 = isNegated ? -1 : 0;
    const high = ignoresCase ? bothCases(this.high) : this.high;
    const header = this.sets.start + this.offset;
    store<u64>(header, this.low ^ flip);
    store<u64>(header, high ^ flip, 8);
    store<u32>(header, isNegated ? 1 : 0, 16);
    store<u32>(header, this.sets.size - this.offset - HEADER_SIZE, 20);
  }

  private addRange(first: i32, last: i32): void {
    const range = this.sets.take(8);
    store<i32>(range, first);
    store<i32>(range, last, 4);
  }
}

/** The bits of 64 to 127, with each letter's other case. */
export function bothCases(high: u64): u64 {
  const letters = (high | (high >> 32)) & 0x07fffffe;
  return high | letters | (letters << 32);
}

/** Whether a character is in the set at an address. What is none (-1) is in no set. */
export function contains(set: usize, character: i32): bool {
  if (character < 128) {
    if (character < 0) return false;
    return ((load<u64>(set + ((character >> 6) << 3)) >> (character & 63)) & 1) != 0;
  }
  const isNegated = load<u32>(set, 16) != 0;
  let range = set + HEADER_SIZE;
  const end = range + load<u32>(set, 20);
  for (; range < end; range += 8) {
    if (character >= load<i32>(range) && character <= load<i32>(range, 4)) return !isNegated;
  }
  return isNegated;
}
