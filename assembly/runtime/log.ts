import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { proxy_get_log_level } from "filterwright/assembly/runtime/abi";
import { numberSlot } from "filterwright/assembly/runtime/bytes";
import { callbackEpoch } from "filterwright/assembly/runtime/callback";
import { LogLevelValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

/** The first epoch is the module's start, when Envoy takes log lines but no question. */
let levelEpoch: u64 = 1;
let level: u32 = 0;

/** Writes a line to Envoy's log, where its level for Wasm lets the line through. */
export function log(logLevel: LogLevelValues, logMessage: string): void {
  if (!isLogged(logLevel)) return;
  encode(logMessage);
  proxy_log(logLevel, textStart, textSize);
}

/**
 * Whether a line of that level would be written: for messages that are dear to make. Envoy is asked once a callback,
 * so a change of the level (`/logging?wasm=debug`) shows from the next callback on.
 */
export function isLogged(logLevel: LogLevelValues): bool {
  if (levelEpoch != callbackEpoch) {
    levelEpoch = callbackEpoch;
    // A host that does not tell gets every line and sorts them out itself.
    level = proxy_get_log_level(numberSlot) == WasmResultValues.Ok ? load<u32>(numberSlot) : 0;
  }
  return <u32>logLevel >= level;
}
