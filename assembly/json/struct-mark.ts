/**
 * True for what Envoy makes of a `google.protobuf.Struct`: not JSON, but its protobuf bytes, in which field 1 holds a map
 * entry whose own field 1 is the key: 0x0A, the entry's length (a byte, with more behind it from 128 on), 0x0A.
 */
export function isStruct(text: ArrayBuffer): bool {
  let at = changetype<usize>(text);
  const end = at + text.byteLength;
  if (at == end || load<u8>(at) != 0x0a) return false;
  at++;
  while (at < end && load<u8>(at) >= 0x80) at++;
  return at + 1 < end && load<u8>(at, 1) == 0x0a;
}
