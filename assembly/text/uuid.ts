import { LOWER_CASE, storeHex } from "filterwright/assembly/encoding/hex";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** Bytes that have a hyphen in front of them, one bit each: 4, 6, 8 and 10. */
const HYPHENS = 0x550;

/** Writes a UUID of version 4 (RFC 9562 §5.4): `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`, of 16 random bytes. */
export function writeUuid4(to: ByteWriter, random: usize): void {
  let at = to.reserve(36);
  to.size += 36;
  for (let i = 0; i < 16; i++, at += 2) {
    let byte = load<u8>(random + i);
    if (i == 6) byte = (byte & 0x0f) | 0x40;
    else if (i == 8) byte = (byte & 0x3f) | 0x80;
    if ((HYPHENS >> i) & 1) store<u8>(at++, 0x2d);
    storeHex(at, byte, LOWER_CASE);
  }
}
