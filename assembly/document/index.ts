import { Document, readJson } from "filterwright/assembly/document/json";
import { isStruct } from "filterwright/assembly/json/struct-mark";
import { readStruct } from "filterwright/assembly/document/struct";

export { Document } from "filterwright/assembly/document/json";
export { Value, ValueKind } from "filterwright/assembly/document/value";

/**
 * Reads a plugin configuration: JSON, or the bytes of a `google.protobuf.Struct`, which is what Envoy hands over of one. Both may
 * begin with the same bytes; but the lengths in a Struct hold for nothing else.
 */
export function readDocument(bytes: ArrayBuffer): Document {
  if (!isStruct(bytes)) return readJson(bytes);
  const struct = readStruct(bytes);
  if (struct.problem.length == 0) return struct;
  const json = readJson(bytes);
  return json.problem.length == 0 || isSpace(bytes) ? json : struct;
}

/** Whether the first three bytes are line ends: JSON with a mistake in it, rather than a Struct with one. */
function isSpace(bytes: ArrayBuffer): bool {
  return load<u8>(changetype<usize>(bytes), 1) == 0x0a;
}
