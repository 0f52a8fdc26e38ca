// The shortest row of tokens that some bytes can be made of again, mostly texts. A token is
//
//     0bbbbbbb                          this byte
//     10cccddd dddddddd                 c+3 bytes are copied from d+1 back
//     11cccccd dddddddd dddddddd        the same; c is not 31
//     11111111 bbbbbbbb                 a byte that is no other token
//
// `assembly/heap/unpack.ts` reads it.

const LEAST_COPIED = 3;
/** Of the two tokens that copy: the most that they copy, and from how far. */
const NEAR = { cost: 2, copied: LEAST_COPIED + 7, back: 1 << 11 };
const FAR = { cost: 3, copied: LEAST_COPIED + 30, back: 1 << 17 };

/** A token of the shortest way to an offset: a byte where nothing is copied. */
interface Step {
  from: number;
  size: number;
  back: number;
}

/** Packs bytes into as few as the tokens above can. */
export function pack(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(shortestWay(bytes).flatMap((step) => token(step, bytes[step.from]!)));
}

function shortestWay(bytes: Uint8Array): Step[] {
  const costs = new Float64Array(bytes.length + 1).fill(Infinity);
  const steps: Step[] = [];
  const places = new Map<number, number[]>();
  costs[0] = 0;
  for (let from = 0; from < bytes.length; from++) {
    const reach = (size: number, cost: number, back: number) => {
      if (costs[from]! + cost >= costs[from + size]!) return;
      costs[from + size] = costs[from]! + cost;
      steps[from + size] = { from, size, back };
    };
    reach(1, bytes[from]! < 0x80 ? 1 : 2, 0);
    const nearest = nearestCopies(bytes, from, places);
    for (let size = LEAST_COPIED; size < nearest.length; size++) {
      const back = nearest[size]!;
      reach(size, size <= NEAR.copied && back <= NEAR.back ? NEAR.cost : FAR.cost, back);
    }
  }
  const way: Step[] = [];
  for (let at = bytes.length; at > 0; at = way.at(-1)!.from) way.push(steps[at]!);
  return way.toReversed();
}

/** How far back the same bytes stand, for each size. @param places where each three bytes were seen; takes in those at `from` */
function nearestCopies(bytes: Uint8Array, from: number, places: Map<number, number[]>): number[] {
  const nearest: number[] = [];
  if (from + LEAST_COPIED > bytes.length) return nearest;
  const key = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  const seen = places.get(key) ?? [];
  places.set(key, seen);
  for (const place of seen.toReversed()) {
    if (from - place > FAR.back || nearest.length > FAR.copied) break;
    let size = LEAST_COPIED;
    while (size < FAR.copied && from + size < bytes.length && bytes[place + size] === bytes[from + size]) size++;
    for (let known = Math.max(nearest.length, LEAST_COPIED); known <= size; known++) nearest[known] = from - place;
  }
  seen.push(from);
  return nearest;
}

function token({ size, back }: Step, byte: number): number[] {
  if (back === 0) return byte < 0x80 ? [byte] : [0xff, byte];
  const count = size - LEAST_COPIED;
  const far = back - 1;
  return size <= NEAR.copied && back <= NEAR.back
    ? [0x80 | (count << 3) | (far >> 8), far & 0xff]
    : [0xc0 | (count << 1) | (far >> 16), (far >> 8) & 0xff, far & 0xff];
}
