import { encodeExcept, escapedByte } from "filterwright/assembly/encoding/percent";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// application/x-www-form-urlencoded (WHATWG URL §5), the encoding of names and values in a query. Bytes stay bytes: what is
// not UTF-8 is not made U+FFFD.

/** Letters, digits and `*-._` stay, a space becomes `+`, the rest `%XX`. */
export function formEncode(to: ByteWriter, start: usize, size: i32): void {
  encodeExcept(to, start, size, 0x2a, 0x2b);
}

/** Never fails: a percent sign without two digits behind it stands for itself. */
export function formDecode(to: ByteWriter, start: usize, size: i32): void {
  let at = to.reserve(size);
  for (const end = start + size; start < end; start += formByteSize) store<u8>(at++, formByteAt(start, end));
  to.size = <i32>(at - to.start);
}

/** True where an encoded text stands for these bytes. */
export function formEquals(encoded: usize, encodedSize: i32, start: usize, size: i32): bool {
  const end = start + size;
  const encodedEnd = encoded + encodedSize;
  for (; encoded < encodedEnd; encoded += formByteSize, start++) {
    if (start == end || formByteAt(encoded, encodedEnd) != load<u8>(start)) return false;
  }
  return start == end;
}

/** Bytes that what `formByteAt` read last takes. */
let formByteSize: usize = 1;

/** The byte that stands encoded at an address before `end`. */
function formByteAt(at: usize, end: usize): u8 {
  formByteSize = 1;
  const byte = load<u8>(at);
  if (byte == 0x2b) return 0x20;
  if (byte != 0x25) return byte;
  const escaped = escapedByte(at, end);
  if (escaped < 0) return byte;
  formByteSize = 3;
  return <u8>escaped;
}
