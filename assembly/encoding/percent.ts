import { UPPER_CASE, hexByteAt, storeHex } from "filterwright/assembly/encoding/hex";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

const PERCENT: u8 = 0x25;

/** Percent-encodes what RFC 3986 §2.3 does not call unreserved: all but letters, digits and `-._~`. */
export function percentEncode(to: ByteWriter, start: usize, size: i32): void {
  encodeExcept(to, start, size, 0x7e);
}

/**
 * Decodes each `%XX` (RFC 3986 §2.1). All else, `+` too, stays: a plus sign is a space in forms only.
 *
 * @returns false, and nothing is written, where a percent sign has no two digits behind it
 */
export function percentDecode(to: ByteWriter, start: usize, size: i32): bool {
  let at = to.reserve(size);
  for (const end = start + size; start < end; start++) {
    let byte = <i32>load<u8>(start);
    if (byte == PERCENT) {
      byte = escapedByte(start, end);
      if (byte < 0) return false;
      start += 2;
    }
    store<u8>(at++, byte);
  }
  to.size = <i32>(at - to.start);
  return true;
}

/** The byte that an escape stands for, which begins at an address; -1 where it is none. */
export function escapedByte(at: usize, end: usize): i32 {
  return at + 2 < end ? hexByteAt(at + 1) : -1;
}

/**
 * Percent-encodes all but letters, digits, `-._` and one byte more.
 *
 * @param kept that byte
 * @param space what a space becomes; 0 for its escape
 */
export function encodeExcept(to: ByteWriter, start: usize, size: i32, kept: u8, space: u8 = 0): void {
  let at = to.reserve(3 * size);
  for (const end = start + size; start < end; start++) {
    const byte = load<u8>(start);
    if (byte == kept || isPlain(byte)) {
      store<u8>(at++, byte);
    } else if (byte == 0x20 && space != 0) {
      store<u8>(at++, space);
    } else {
      store<u8>(at, PERCENT);
      storeHex(at + 1, byte, UPPER_CASE);
      at += 3;
    }
  }
  to.size = <i32>(at - to.start);
}

/** A bit for each byte that never needs an escape: - . 0-9, and from 64 on A-Z _ a-z. */
const PLAIN_BELOW_64: u64 = 0x03ff600000000000;
const PLAIN_FROM_64: u64 = 0x07fffffe87fffffe;

function isPlain(byte: u8): bool {
  return byte < 128 && (((byte < 64 ? PLAIN_BELOW_64 : PLAIN_FROM_64) >> (byte & 63)) & 1) != 0;
}
