import { log, LogLevelValues } from "filterwright/assembly";
import { JsonReader } from "filterwright/assembly/json/reader";

/**
 * Ends the reading of a plugin configuration: true where all of it was read and nothing was wrong, else
 * one line at error level that says where and why. The result is what `onConfigure` returns: on false
 * Envoy keeps the configuration that it has.
 */
export function accept(json: JsonReader): bool {
  if (json.end()) return true;
  const hint = isStruct(json.text)
    ? " (a google.protobuf.Struct? put the JSON text in a google.protobuf.StringValue)"
    : "";
  log(LogLevelValues.error, "configuration refused at " + json.problem + hint);
  return false;
}

/**
 * True for what Envoy makes of a `google.protobuf.Struct`: not JSON, but its protobuf bytes, in which field 1 holds a map
 * entry whose own field 1 is the key: 0x0A, the entry's length (a byte, with more behind it from 128 on), 0x0A.
 */
function isStruct(text: Uint8Array): bool {
  if (text.length == 0 || text[0] != 0x0a) return false;
  let at = 1;
  while (at < text.length && text[at] >= 0x80) at++;
  return at + 1 < text.length && text[at + 1] == 0x0a;
}
