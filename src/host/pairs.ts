import { type ByteString, fromBytes, toBytes } from "./bytes.ts";

// How the ABI writes a list of pairs. All numbers are little-endian u32, nothing is padded:
//
//     | count | name size, value size | ... | name NUL value NUL name NUL value NUL ...
//
// What a list may be, and that a bad one reads as an empty one, is proxy-wasm-cpp-host's (src/pairs_util.cc, limits.h).

export type Pair = [name: ByteString, value: ByteString];

/** @param name in lower case */
export const lacks = (lines: readonly Pair[], name: string): boolean =>
  !lines.some(([other]) => other.toLowerCase() === name);

const MAX_BYTES = 1024 * 1024;
const MAX_COUNT = 1024;

export function encodePairs(pairs: readonly Pair[]): ByteString {
  const head = new Uint8Array(4 + 8 * pairs.length);
  const view = new DataView(head.buffer);
  view.setUint32(0, pairs.length, true);
  pairs.forEach(([name, value], i) => {
    view.setUint32(4 + 8 * i, name.length, true);
    view.setUint32(8 + 8 * i, value.length, true);
  });
  return fromBytes(head) + pairs.map(([name, value]) => `${name}\0${value}\0`).join("");
}

/** @returns no pairs where the bytes are not in the form above */
export function decodePairs(bytes: ByteString): Pair[] {
  if (bytes.length > MAX_BYTES || bytes.length < 4) return [];
  const view = new DataView(toBytes(bytes).buffer);
  const count = view.getUint32(0, true);
  if (count > MAX_COUNT || 4 + 8 * count > bytes.length) return [];
  const pairs: Pair[] = [];
  let at = 4 + 8 * count;
  const take = (size: number): ByteString | undefined => {
    if (at + size + 1 > bytes.length || bytes.charCodeAt(at + size) !== 0) return undefined;
    const taken = bytes.slice(at, at + size);
    at += size + 1;
    return taken;
  };
  for (let i = 0; i < count; i++) {
    const name = take(view.getUint32(4 + 8 * i, true));
    const value = name === undefined ? undefined : take(view.getUint32(8 + 8 * i, true));
    if (name === undefined || value === undefined) return [];
    pairs.push([name, value]);
  }
  return at === bytes.length ? pairs : [];
}
