import { log, LogLevelValues } from "filterwright/assembly";
import { JsonReader } from "filterwright/assembly/json/reader";

/**
 * Ends the reading of a plugin configuration: true where all of it was read and nothing was wrong, else
 * one line at error level that says where and why. The result is what `onConfigure` returns: on false
 * Envoy keeps the configuration that it has.
 */
export function accept(json: JsonReader): bool {
  if (json.end()) return true;
  const hint = isStruct(json.text) ? " (a Struct? put the JSON in a StringValue)" : "";
  log(LogLevelValues.error, "configuration refused at " + json.problem + hint);
  return false;
}

/**
 * True for what Envoy makes of a `google.protobuf.Struct`: not JSON, but its protobuf bytes, in which field 1 holds a map
 * entry whose own field 1 is the key: 0x0A, the entry's length (a byte, with more behind it from 128 on), 0x0A.
 */
function isStruct(text: ArrayBuffer): bool {
  let at = changetype<usize>(text);
  const end = at + text.byteLength;
  if (at == end || load<u8>(at) != 0x0a) return false;
  at++;
  while (at < end && load<u8>(at) >= 0x80) at++;
  return at + 1 < end && load<u8>(at, 1) == 0x0a;
}
