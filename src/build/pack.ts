// Static data as `assembly/heap/unpack.ts` reads it. AssemblyScript's texts are UTF-16 behind a header of 20 bytes, so that most
// of it repeats or is zero. A token is a byte, with a count in it:
//
//     00cccccc  c+1 bytes follow, each stands for two: itself and a zero
//     01cccccc  c+1 bytes follow
//     1ccccccc  c+3 bytes are copied from so far back as the two bytes say that follow

const MOST_COPIED = 64;
const LEAST_REPEATED = 3;
const MOST_REPEATED = 130;
const FARTHEST = 0xffff;
/** Earlier places that are tried for a repetition. */
const MOST_TRIED = 400;

/** One token of the shortest way to an offset. */
interface Step {
  from: number;
  kind: "wide" | "plain" | "repeat";
  size: number;
  distance: number;
}

/** Packs bytes into as few as the tokens above can. */
export function pack(bytes: Uint8Array): Uint8Array {
  return written(bytes, shortestWay(bytes));
}

function shortestWay(bytes: Uint8Array): Step[] {
  const costs = new Float64Array(bytes.length + 1).fill(Infinity);
  const steps: Step[] = [];
  const places = new Map<number, number[]>();
  costs[0] = 0;
  for (let from = 0; from < bytes.length; from++) {
    const cost = costs[from]!;
    const reach = (size: number, price: number, kind: Step["kind"], distance: number) => {
      if (cost + price >= costs[from + size]!) return;
      costs[from + size] = cost + price;
      steps[from + size] = { from, kind, size, distance };
    };
    for (let count = 1; count <= MOST_COPIED && from + count <= bytes.length; count++)
      reach(count, 1 + count, "plain", 0);
    for (let count = 1; count <= MOST_COPIED && bytes[from + 2 * count - 1] === 0; count++) {
      reach(2 * count, 1 + count, "wide", 0);
    }
    const [size, distance] = longestRepetition(bytes, from, places);
    for (let part = LEAST_REPEATED; part <= size; part++) reach(part, 3, "repeat", distance);
  }
  const way: Step[] = [];
  for (let at = bytes.length; at > 0; at = way.at(-1)!.from) way.push(steps[at]!);
  return way.toReversed();
}

/** @param places where each three bytes were seen; takes in those at `from` */
function longestRepetition(
  bytes: Uint8Array,
  from: number,
  places: Map<number, number[]>,
): [size: number, distance: number] {
  if (from + LEAST_REPEATED > bytes.length) return [0, 0];
  const key = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  const seen = places.get(key) ?? [];
  places.set(key, seen);
  let longest = 0;
  let distance = 0;
  for (const place of seen.slice(-MOST_TRIED).toReversed()) {
    if (from - place > FARTHEST || longest === MOST_REPEATED) break;
    let size = LEAST_REPEATED;
    while (size < MOST_REPEATED && from + size < bytes.length && bytes[place + size] === bytes[from + size]) size++;
    if (size > longest) [longest, distance] = [size, from - place];
  }
  seen.push(from);
  return [longest, distance];
}

function written(bytes: Uint8Array, way: Step[]): Uint8Array {
  const packed: number[] = [];
  for (const { from, kind, size, distance } of way) {
    if (kind === "repeat") packed.push(0x80 + size - LEAST_REPEATED, distance & 0xff, distance >> 8);
    else if (kind === "plain") packed.push(0x40 + size - 1, ...bytes.subarray(from, from + size));
    else packed.push(size / 2 - 1, ...bytes.subarray(from, from + size).filter((_, i) => i % 2 === 0));
  }
  return Uint8Array.from(packed);
}
