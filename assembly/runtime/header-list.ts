import { take } from "filterwright/assembly/runtime/arena";

// Header lines in the arena, in order: a table of entries that point to bytes elsewhere in the arena.
//
//     entry: | name start u32 | name size u32 | value start u32 | value size u32 |

const ENTRY: usize = 16;
const NAME_SIZE: usize = 4;
const VALUE_START: usize = 8;
const VALUE_SIZE: usize = 12;
/** Room for lines that the filter adds; more makes the table move. */
const SPARE: i32 = 8;

/** What the filter's own writes do to a view of a header map. A module that never reads headers has no class that does it. */
export abstract class HeaderView {
  /** @returns false where the view cannot know what an add of this name did */
  abstract added(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): bool;
  abstract removed(nameStart: usize, nameSize: usize): void;
}

/** An ordered list of header lines that lives as long as the callback. Names are in lower case, as Envoy gives them. */
export class HeaderList extends HeaderView {
  length: i32 = 0;
  private entries: usize = 0;
  private capacity: i32 = 0;

  /** Empties the list and makes room. The memory of before is the arena's. */
  reset(capacity: i32): void {
    this.length = 0;
    this.capacity = capacity + SPARE;
    this.entries = take(<usize>this.capacity * ENTRY);
  }

  push(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    if (this.length == this.capacity) this.grow();
    write(this.entries + <usize>this.length * ENTRY, nameStart, nameSize, valueStart, valueSize);
    this.length++;
  }

  /** A new line goes where Envoy puts it: pseudo-headers before the others. What an add does to one that is there is Envoy's to know. */
  added(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): bool {
    if (this.find(nameStart, nameSize) >= 0) return false;
    this.addedFirst(nameStart, nameSize, valueStart, valueSize);
    return true;
  }

  /** The same for a name that is not there. */
  addedFirst(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    this.push(nameStart, nameSize, valueStart, valueSize);
    if (!isPseudo(nameStart, nameSize)) return;
    let at = 0;
    while (at < this.length - 1 && isPseudo(this.nameStart(at), this.nameSize(at))) at++;
    const from = this.entries + <usize>at * ENTRY;
    memory.copy(from + ENTRY, from, <usize>(this.length - 1 - at) * ENTRY);
    write(from, nameStart, nameSize, valueStart, valueSize);
  }

  /** @returns the index of the first line of that name from an index on, or -1 */
  find(nameStart: usize, nameSize: usize, from: i32 = 0): i32 {
    let entry = this.entries + <usize>from * ENTRY;
    // Most names differ in their sizes.
    for (let i = from, length = this.length; i < length; i++, entry += ENTRY) {
      if (load<usize>(entry, NAME_SIZE) == nameSize && hasName(entry, nameStart, nameSize)) return i;
    }
    return -1;
  }

  /** Removes every line of that name. */
  removed(nameStart: usize, nameSize: usize): void {
    let kept = this.find(nameStart, nameSize);
    if (kept < 0) return;
    for (let i = kept + 1; i < this.length; i++) {
      const entry = this.entries + <usize>i * ENTRY;
      if (hasName(entry, nameStart, nameSize)) continue;
      memory.copy(this.entries + <usize>kept * ENTRY, entry, ENTRY);
      kept++;
    }
    this.length = kept;
  }

  has(index: i32): bool {
    return <u32>index < <u32>this.length;
  }

  nameStart(index: i32): usize {
    return load<usize>(this.entries + <usize>index * ENTRY);
  }

  nameSize(index: i32): usize {
    return load<usize>(this.entries + <usize>index * ENTRY, NAME_SIZE);
  }

  valueStart(index: i32): usize {
    return load<usize>(this.entries + <usize>index * ENTRY, VALUE_START);
  }

  valueSize(index: i32): usize {
    return load<usize>(this.entries + <usize>index * ENTRY, VALUE_SIZE);
  }

  private grow(): void {
    const before = this.entries;
    this.capacity *= 2;
    this.entries = take(<usize>this.capacity * ENTRY);
    memory.copy(this.entries, before, <usize>this.length * ENTRY);
  }
}

/** Compares eight bytes at a time: headers are looked for on every request. */
function hasName(entry: usize, nameStart: usize, nameSize: usize): bool {
  if (load<usize>(entry, NAME_SIZE) != nameSize) return false;
  const seen = load<usize>(entry);
  let i: usize = 0;
  for (; i + 8 <= nameSize; i += 8) if (load<u64>(seen + i) != load<u64>(nameStart + i)) return false;
  for (; i < nameSize; i++) if (load<u8>(seen + i) != load<u8>(nameStart + i)) return false;
  return true;
}

function isPseudo(nameStart: usize, nameSize: usize): bool {
  return nameSize > 0 && load<u8>(nameStart) == 0x3a;
}

// @ts-ignore: decorator
@inline
function write(entry: usize, nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
  store<usize>(entry, nameStart);
  store<usize>(entry, nameSize, NAME_SIZE);
  store<usize>(entry, valueStart, VALUE_START);
  store<usize>(entry, valueSize, VALUE_SIZE);
}
