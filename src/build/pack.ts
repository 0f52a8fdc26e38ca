import { RangeEncoder } from "./range-encoder.ts";

// Bytes as tokens, and those as bits that a range coder codes, each with the probability that bits of its kind have:
//
//     0, a byte in 8 bits
//     1, size - 2 in 5 bits, d in 4 bits, the d bits of the distance behind its first 1      bytes are copied from so far back
//
// Bits of a number are of kinds that tell of the bits before them. `assembly/heap/unpack.ts` reads it.

const LEAST_COPIED = 2;
const SIZE_BITS = 5;
const MOST_COPIED = LEAST_COPIED + 2 ** SIZE_BITS - 1;
const DISTANCE_BITS = 4;
const FARTHEST = 2 ** 16 - 1;

// Kinds of bits. A number of n bits has 2^n.
const IS_COPY = 0;
const OF_DISTANCE = 1;
const BYTE = 2;
const SIZE = BYTE + 256;
const DISTANCE_SIZE = SIZE + 2 ** SIZE_BITS;
const KINDS = DISTANCE_SIZE + 2 ** DISTANCE_BITS;

/** What unpacking takes in front of where it unpacks to, in bytes. */
export const PROBABILITIES_SIZE = 2 * KINDS;

/** A token of a way to an offset: one byte, or as many as are copied. */
interface Step {
  from: number;
  size: number;
  /** 0 where nothing is copied. */
  back: number;
}

type Price = (kind: number, bit: number) => number;

/** Packs bytes into few. */
export function pack(bytes: Uint8Array): Uint8Array {
  const copies = nearestCopies(bytes);
  // What a bit costs is known when the tokens are chosen, and they are chosen by what it costs.
  let price: Price = () => 1;
  let way: Step[] = [];
  for (let round = 0; round < 4; round++) {
    way = cheapestWay(bytes, copies, price);
    price = pricesIn(bytes, way);
  }
  const encoder = new RangeEncoder(KINDS);
  for (const step of way) writeToken(bytes, step, (kind, bit) => encoder.bit(kind, bit));
  return encoder.end();
}

function writeToken(bytes: Uint8Array, { from, size, back }: Step, write: (kind: number, bit: number) => void): void {
  const writeNumber = (kinds: number, count: number, number: number) => {
    for (let node = 1, i = count - 1; i >= 0; i--) {
      const bit = (number >> i) & 1;
      write(kinds + node, bit);
      node = (node << 1) | bit;
    }
  };
  write(IS_COPY, back === 0 ? 0 : 1);
  if (back === 0) return writeNumber(BYTE, 8, bytes[from]!);
  const bits = 31 - Math.clz32(back);
  writeNumber(SIZE, SIZE_BITS, size - LEAST_COPIED);
  writeNumber(DISTANCE_SIZE, DISTANCE_BITS, bits);
  for (let i = bits - 1; i >= 0; i--) write(OF_DISTANCE, (back >> i) & 1);
}

function cheapestWay(bytes: Uint8Array, copies: number[][], price: Price): Step[] {
  const costs = new Float64Array(bytes.length + 1).fill(Infinity);
  const steps: Step[] = [];
  costs[0] = 0;
  for (let from = 0; from < bytes.length; from++) {
    const take = (size: number, back: number) => {
      const step = { from, size, back };
      let cost = costs[from]!;
      writeToken(bytes, step, (kind, bit) => void (cost += price(kind, bit)));
      if (cost >= costs[from + size]!) return;
      costs[from + size] = cost;
      steps[from + size] = step;
    };
    take(1, 0);
    copies[from]!.forEach((back, size) => take(size, back));
  }
  const way: Step[] = [];
  for (let at = bytes.length; at > 0; at = way.at(-1)!.from) way.push(steps[at]!);
  return way.toReversed();
}

/** What bits cost where those kinds are as frequent as in some tokens, in bits. */
function pricesIn(bytes: Uint8Array, way: Step[]): Price {
  const counts = Array.from({ length: KINDS }, () => [0.5, 0.5]);
  for (const step of way) writeToken(bytes, step, (kind, bit) => void counts[kind]![bit]!++);
  const prices = counts.map(([zeros, ones]) => [zeros!, ones!].map((count) => -Math.log2(count / (zeros! + ones!))));
  return (kind, bit) => prices[kind]![bit]!;
}

/** For each offset: how far back the same bytes stand, by their number. */
function nearestCopies(bytes: Uint8Array): number[][] {
  const places = new Map<number, number[]>();
  return Array.from(bytes, (first, from) => {
    const nearest: number[] = [];
    if (from + LEAST_COPIED > bytes.length) return nearest;
    const key = (first << 8) | bytes[from + 1]!;
    const seen = places.get(key) ?? [];
    places.set(key, seen);
    for (const place of seen.toReversed()) {
      if (from - place > FARTHEST || nearest.length > MOST_COPIED) break;
      let size = LEAST_COPIED;
      while (size < MOST_COPIED && from + size < bytes.length && bytes[place + size] === bytes[from + size]) size++;
      for (let known = Math.max(nearest.length, LEAST_COPIED); known <= size; known++) nearest[known] = from - place;
    }
    seen.push(from);
    return nearest;
  });
}
