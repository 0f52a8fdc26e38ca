import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { proxy_get_log_level } from "filterwright/assembly/runtime/abi";
import { take } from "filterwright/assembly/runtime/arena";
import { numberSlot } from "filterwright/assembly/runtime/bytes";
import { LogLevelValues, WasmResultValues } from "filterwright/assembly/runtime/enums";

// The runtime's `log` is quick; this one is short. Nothing is logged on a request but by rules that only rehearse.

/** Writes a line to Envoy's log, where its level for Wasm lets the line through. */
export function log(level: LogLevelValues, message: string): void {
  const line = new Bytes(message);
  proxy_log(level, line.start, line.size);
}

/** Whether a line of that level would be written: for messages that are dear to make. */
export function isLogged(level: LogLevelValues): bool {
  // A host that does not tell gets every line and sorts them out itself.
  return proxy_get_log_level(numberSlot) != WasmResultValues.Ok || <u32>level >= load<u32>(numberSlot);
}

/** Where a check of AssemblyScript ends, such as that of an index: a line that says what, which is ASCII, and a trap. */
// @ts-ignore: decorator
@global
export function abort_proc_exit(message: string, fileName: string | null, line: u32, column: u32): void {
  const size = message.length;
  const start = take(size);
  for (let i = 0; i < size; i++) store<u8>(start + i, <u8>message.charCodeAt(i));
  proxy_log(LogLevelValues.critical, start, size);
  unreachable();
}
