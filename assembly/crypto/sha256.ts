import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// SHA-256 (FIPS 180-4 §4.1.2, §5, §6.2) of bytes that are all there.

export const DIGEST_SIZE = 32;
export const BLOCK_SIZE = 64;

/** Writes the 32 bytes of the digest. */
export function sha256(to: ByteWriter, start: usize, size: i32): void {
  const digest = to.reserve(DIGEST_SIZE);
  digestFrom(INITIAL, 0, start, size, digest);
  to.size += DIGEST_SIZE;
}

/**
 * The digest of what a state has absorbed already, and of these bytes behind it.
 *
 * @param from a state: eight words
 * @param absorbed how many bytes it has absorbed, a multiple of 64
 * @param digest where the digest goes; may be where the bytes are
 */
export function digestFrom(from: usize, absorbed: i32, start: usize, size: i32, digest: usize): void {
  memory.copy(state, from, DIGEST_SIZE);
  const end = start + size;
  for (; start + BLOCK_SIZE <= end; start += BLOCK_SIZE) compress(start);
  // What is left, a bit, zeros, and the size of all in bits: one block more, or two.
  const left = <i32>(end - start);
  memory.copy(last, start, left);
  memory.fill(last + left, 0, BLOCK_SIZE - left);
  store<u8>(last + left, 0x80);
  if (left >= BLOCK_SIZE - 8) {
    compress(last);
    memory.fill(last, 0, BLOCK_SIZE);
  }
  store<u64>(last, bswap<u64>((<u64>absorbed + <u64>size) << 3), BLOCK_SIZE - 8);
  compress(last);
  for (let i = 0; i < DIGEST_SIZE; i += 4) store<u32>(digest + i, bswap<u32>(load<u32>(state + i)));
}

/** Keeps the state that is reached after one block. */
export function absorbBlock(block: usize, to: usize): void {
  memory.copy(state, INITIAL, DIGEST_SIZE);
  compress(block);
  memory.copy(to, state, DIGEST_SIZE);
}

const state: usize = memory.data(DIGEST_SIZE, 4);
const last: usize = memory.data(BLOCK_SIZE, 8);
const schedule: usize = memory.data(256, 4);

/** Takes a block of 64 bytes into `state`. */
function compress(block: usize): void {
  for (let t: usize = 0; t < 64; t += 4) store<u32>(schedule + t, bswap<u32>(load<u32>(block + t)));
  for (let t = schedule + 64; t < schedule + 256; t += 4) {
    const w2 = load<u32>(t - 8);
    const w15 = load<u32>(t - 60);
    const s1 = rotr<u32>(w2, 17) ^ rotr<u32>(w2, 19) ^ (w2 >> 10);
    const s0 = rotr<u32>(w15, 7) ^ rotr<u32>(w15, 18) ^ (w15 >> 3);
    store<u32>(t, s1 + load<u32>(t - 28) + s0 + load<u32>(t - 64));
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let t: usize = 0; t < 256; t += 4) {
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + load<u32>(CONSTANTS + t) + load<u32>(schedule + t);
    const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  addTo(0, a);
  addTo(4, b);
  addTo(8, c);
  addTo(12, d);
  addTo(16, e);
  addTo(20, f);
  addTo(24, g);
  addTo(28, h);
}

function addTo(word: usize, value: u32): void {
  store<u32>(state + word, load<u32>(state + word) + value);
}

/** The first 32 bits of the fractional parts of the square roots of the first eight primes. */
const INITIAL: usize = memory.data(DIGEST_SIZE, 4);
/** The same of the cube roots of the first 64. */
const CONSTANTS: usize = memory.data(256, 4);

// Computed when the module starts: they would be most of what this takes in a module.
for (let n = 2, offset = 0; offset < 256; n++) {
  if (!isPrime(n)) continue;
  if (offset < DIGEST_SIZE) store<u32>(INITIAL + offset, fraction(sqrt<f64>(n)));
  store<u32>(CONSTANTS + offset, fraction(cubeRoot(n)));
  offset += 4;
}

function isPrime(n: i32): bool {
  for (let divisor = 2; divisor < n; divisor++) if (n % divisor == 0) return false;
  return true;
}

/** Newton's way: each step doubles the digits that are right, once one is. */
function cubeRoot(n: f64): f64 {
  let root = n;
  for (let i = 0; i < 20; i++) root = (2 * root + n / (root * root)) / 3;
  return root;
}

function fraction(root: f64): u32 {
  return <u32>((root - floor<f64>(root)) * 4294967296);
}
