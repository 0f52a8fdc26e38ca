import { BLOCK_SIZE, DIGEST_SIZE, absorbBlock, digestFrom, sha256 } from "filterwright/assembly/crypto/sha256";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/**
 * HMAC-SHA-256 (RFC 2104) with one key, which is absorbed once: a message costs its own blocks and two more. The key itself is
 * not kept.
 */
export class HmacSha256 {
  /** The states after the key's inner and outer block. */
  private readonly states: ArrayBuffer = new ArrayBuffer(2 * DIGEST_SIZE);

  constructor(key: usize, keySize: i32) {
    const block = new ByteWriter();
    if (keySize > BLOCK_SIZE) sha256(block, key, keySize);
    else block.bytes(key, keySize);
    while (block.size < BLOCK_SIZE) block.byte(0);
    this.absorb(block, 0x36, 0);
    this.absorb(block, 0x36 ^ 0x5c, DIGEST_SIZE);
    memory.fill(block.start, 0, BLOCK_SIZE);
  }

  /** Writes the 32 bytes of a message's code. */
  sign(to: ByteWriter, start: usize, size: i32): void {
    const states = changetype<usize>(this.states);
    const code = to.reserve(DIGEST_SIZE);
    digestFrom(states, BLOCK_SIZE, start, size, code);
    digestFrom(states + DIGEST_SIZE, BLOCK_SIZE, code, DIGEST_SIZE, code);
    to.size += DIGEST_SIZE;
  }

  private absorb(block: ByteWriter, pad: u8, at: usize): void {
    for (let i = block.start; i < block.end; i++) store<u8>(i, load<u8>(i) ^ pad);
    absorbBlock(block.start, changetype<usize>(this.states) + at);
  }
}
