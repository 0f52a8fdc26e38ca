import { log, LogLevelValues } from "filterwright/assembly";
import { isStruct } from "filterwright/assembly/json/struct-mark";
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
