// Static data as records, which say less of what AssemblyScript's objects have in common: they stand behind a header of 20 bytes that
// their class and size tell all of, at addresses that are multiples of 16, and texts are UTF-16. `assembly/heap/unpack.ts` writes the
// data from them. A record begins with a byte:
//
//     n, up to 250        a text of n characters, a byte each
//     251, n u16          a longer one
//     252, n u16, class   another object with n bytes
//     253, n u16          n bytes as they are
//     254, n u16          n zeros
//
// https://www.assemblyscript.org/runtime.html#memory-layout

export const LONG_TEXT = 251;
export const OBJECT = 252;
export const BYTES = 253;
export const ZEROS = 254;

const HEADER = 20;
/** AssemblyScript's number of the class String. */
const STRING = 2;
const LAST_CLASS = 255;
const MOST = 0xffff;
/** Fewer are cheaper among other bytes. */
const LEAST_ZEROS = 3;

/** @param address where the first of the bytes stands in memory */
export function toRecords(bytes: Uint8Array, address: number): Uint8Array {
  const records: number[] = [];
  let plainFrom = 0;
  for (let at = 0; at <= bytes.length;) {
    const object = objectAt(bytes, at, address);
    if (object === undefined && at < bytes.length) {
      at++;
      continue;
    }
    for (const run of runs(bytes.subarray(plainFrom, at))) records.push(...run);
    if (object === undefined) break;
    records.push(...object.record);
    at += object.size;
    plainFrom = at;
  }
  return Uint8Array.from(records);
}

/** The object that stands at an offset, if one does that its record tells all of. */
function objectAt(bytes: Uint8Array, at: number, address: number): { record: number[]; size: number } | undefined {
  if ((address + at) % 16 !== 12 || at + HEADER > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const word = (offset: number) => view.getUint32(offset, true);
  const [classId, size] = [word(12), word(16)];
  // With what fills up the last 16 bytes.
  const whole = (HEADER + size + 15) & ~15;
  const isObject = word(0) === whole - 4 && word(4) === 0 && word(8) === 0;
  if (!isObject || size > MOST || at + whole > bytes.length) return undefined;
  const content = bytes.subarray(at + HEADER, at + HEADER + size);
  if (bytes.subarray(at + HEADER + size, at + whole).some(Boolean)) return undefined;
  const isText = classId === STRING && size % 2 === 0 && content.every((byte, i) => i % 2 === 0 || byte === 0);
  if (isText) {
    const length = size / 2;
    const begin = length < LONG_TEXT ? [length] : begun(LONG_TEXT, length);
    return { record: [...begin, ...content.filter((_, i) => i % 2 === 0)], size: whole };
  }
  return classId > LAST_CLASS ? undefined : { record: [...begun(OBJECT, size), classId, ...content], size: whole };
}

function begun(kind: number, count: number): number[] {
  return [kind, count & 0xff, count >> 8];
}

/** Records of bytes that are no object. */
function* runs(bytes: Uint8Array): Generator<number[]> {
  for (let at = 0; at < bytes.length;) {
    const zeros = zerosAt(bytes, at);
    if (zeros >= LEAST_ZEROS) {
      yield begun(ZEROS, zeros);
      at += zeros;
      continue;
    }
    const from = at;
    while (at < bytes.length && at - from < MOST && zerosAt(bytes, at) < LEAST_ZEROS) at++;
    yield [...begun(BYTES, at - from), ...bytes.subarray(from, at)];
  }
}

function zerosAt(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && end - at < MOST && bytes[end] === 0) end++;
  return end - at;
}
