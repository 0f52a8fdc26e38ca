import { take } from "filterwright/assembly/runtime/arena";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

// How the ABI writes a list of header lines. All numbers are little-endian u32, nothing is padded:
//
//     | count | name size, value size | name size, value size | ... | name NUL value NUL name NUL value NUL ...

/** A line as the published SDK has it: the bytes of name and value. */
export class HeaderPair {
  constructor(
    public key: ArrayBuffer,
    public value: ArrayBuffer,
  ) {}

  toString(): string {
    return String.UTF8.decode(this.key) + ":" + String.UTF8.decode(this.value);
  }
}

export type Headers = Array<HeaderPair>;

/** What `encodePairs` wrote: where, and how much. */
export let pairsStart: usize = 0;
export let pairsSize: usize = 0;

/** Writes lines for the host, into the arena. */
export function encodePairs(headers: Headers): void {
  const count = headers.length;
  let size: usize = 4;
  for (let i = 0; i < count; i++) {
    size += 8 + <usize>headers[i].key.byteLength + 1 + <usize>headers[i].value.byteLength + 1;
  }
  const start = take(size);
  store<u32>(start, count);
  let sizes = start + 4;
  let to = sizes + 8 * <usize>count;
  for (let i = 0; i < count; i++) {
    const pair = headers[i];
    store<u32>(sizes, pair.key.byteLength);
    store<u32>(sizes, pair.value.byteLength, 4);
    sizes += 8;
    to = copyTerminated(pair.key, to);
    to = copyTerminated(pair.value, to);
  }
  pairsStart = start;
  pairsSize = size;
}

/**
 * Reads what the host wrote into a list that points into it. No bytes mean no lines.
 *
 * @returns false where it is not in the form above; the list is empty then
 */
export function decodePairs(start: usize, size: usize, list: HeaderList): bool {
  if (size == 0) {
    list.reset(0);
    return true;
  }
  const count = size < 4 ? u32.MAX_VALUE : load<u32>(start);
  // Both in 64 bits: the numbers are the host's and may be anything.
  let at: u64 = 4 + 8 * <u64>count;
  if (at > <u64>size) {
    list.reset(0);
    return false;
  }
  list.reset(<i32>count);
  for (let i: u32 = 0; i < count; i++) {
    const nameSize = load<u32>(start + 4 + 8 * <usize>i);
    const valueSize = load<u32>(start + 4 + 8 * <usize>i, 4);
    const nameAt = at;
    const valueAt = nameAt + <u64>nameSize + 1;
    at = valueAt + <u64>valueSize + 1;
    if (at > <u64>size) {
      list.length = 0;
      return false;
    }
    list.push(start + <usize>nameAt, nameSize, start + <usize>valueAt, valueSize);
  }
  return true;
}

function copyTerminated(bytes: ArrayBuffer, to: usize): usize {
  const size = <usize>bytes.byteLength;
  memory.copy(to, changetype<usize>(bytes), size);
  store<u8>(to + size, 0);
  return to + size + 1;
}
