import { proxy_log } from "@solo-io/proxy-runtime/assembly/imports";
import { LogLevelValues } from "filterwright/assembly/runtime/enums";
import { decimal } from "filterwright/assembly/text/format";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

/**
 * What `throw`, a failed `assert` or a check of AssemblyScript ends in (`--use abort=abort_proc_exit`, the name that the
 * published SDK gave it): a line at critical level that says what and where, and a trap.
 */
// @ts-ignore: decorator
@global
export function abort_proc_exit(message: string | null, fileName: string | null, line: u32, column: u32): void {
  let text = message !== null ? message : "abort";
  if (fileName !== null) text += " at: " + fileName + "(" + decimal(line) + ":" + decimal(column) + ")";
  encode(text);
  proxy_log(LogLevelValues.critical, textStart, textSize);
  unreachable();
}
