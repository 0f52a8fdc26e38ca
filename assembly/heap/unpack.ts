/**
 * Writes the static data of a module as it was before src/build/pack.ts packed it, which has the form, and clears the packed bytes:
 * the heap begins where they stand. Called before anything else runs.
 */
export function unpackStaticData(from: usize, end: usize, to: usize): void {
  const start = from;
  while (from < end) {
    const token = <usize>load<u8>(from++);
    if (token >= 0x80) {
      const back = to - load<u16>(from);
      from += 2;
      for (let i: usize = 0, size = token - 0x7d; i < size; i++) store<u8>(to + i, load<u8>(back + i));
      to += token - 0x7d;
      continue;
    }
    const size = (token & 0x3f) + 1;
    if (token < 0x40) {
      for (let i: usize = 0; i < size; i++) store<u16>(to + 2 * i, load<u8>(from + i));
      to += size;
    } else memory.copy(to, from, size);
    to += size;
    from += size;
  }
  memory.fill(start, 0, end - start);
}
