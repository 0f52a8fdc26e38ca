import { Document, readJson } from "filterwright/assembly/document/json";
import { readStruct } from "filterwright/assembly/document/struct";

export { Document } from "filterwright/assembly/document/json";
export { Value, ValueKind } from "filterwright/assembly/document/value";

/**
 * Reads a plugin configuration: JSON, or a serialised `google.protobuf.Struct`. A Struct begins with the tag 0x0A, which in
 * JSON is white space; behind it stands the length of an entry, and the entry's own first tag, 0x0A again.
 */
export function readDocument(bytes: ArrayBuffer): Document {
  return isStruct(bytes) ? readStruct(bytes) : readJson(bytes);
}

function isStruct(bytes: ArrayBuffer): bool {
  let at = changetype<usize>(bytes);
  const end = at + bytes.byteLength;
  if (at == end || load<u8>(at) != 0x0a) return false;
  at++;
  while (at < end && load<u8>(at) >= 0x80) at++;
  return at + 1 < end && load<u8>(at, 1) == 0x0a;
}
