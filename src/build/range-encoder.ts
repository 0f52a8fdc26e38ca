/** A probability is a number out of 2048, here that a bit is 0. */
export const EVEN = 1024;
const CERTAIN = 2048;
const BITS = 11;
/** How quickly probabilities follow what comes: a sixteenth of the way. */
const RATE = 4;
const LEAST_RANGE = 2 ** 24;

/**
 * The range coder of LZMA (Igor Pavlov, LZMA specification, https://www.7-zip.org/sdk.html), with quicker probabilities, and without
 * the byte that is always 0 in front. `assembly/heap/unpack.ts` decodes.
 */
export class RangeEncoder {
  private readonly bytes: number[] = [];
  private readonly probabilities: number[];
  private low = 0;
  private range = 0xffffffff;
  /** The byte that a carry may still change, and how many 0xff stand behind it. */
  private held = -1;
  private pending = 0;

  /** @param count how many kinds of bits there are */
  constructor(count: number) {
    this.probabilities = Array.from({ length: count }, () => EVEN);
  }

  bit(kind: number, bit: number): void {
    const probability = this.probabilities[kind]!;
    const bound = (this.range >>> BITS) * probability;
    if (bit === 0) {
      this.range = bound;
      this.probabilities[kind] = probability + ((CERTAIN - probability) >> RATE);
    } else {
      this.low += bound;
      this.range -= bound;
      this.probabilities[kind] = probability - (probability >> RATE);
    }
    if (this.range < LEAST_RANGE) {
      this.range *= 256;
      this.shift();
    }
  }

  /** Ends it. */
  end(): Uint8Array {
    for (let i = 0; i < 5; i++) this.shift();
    return Uint8Array.from(this.bytes);
  }

  /** Moves the first byte of `low` out, once no carry can reach it. */
  private shift(): void {
    const carry = Math.floor(this.low / 2 ** 32);
    const low = this.low % 2 ** 32;
    if (low < 0xff000000 || carry === 1) {
      if (this.held >= 0) this.bytes.push((this.held + carry) & 0xff);
      for (; this.pending > 0; this.pending--) this.bytes.push((0xff + carry) & 0xff);
      this.held = low >>> 24;
    } else this.pending++;
    this.low = (low % 2 ** 24) * 256;
  }
}
