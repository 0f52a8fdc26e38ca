import { endCallback } from "filterwright/assembly/runtime/callback";
import { findContext } from "filterwright/assembly/runtime/contexts";

export function proxy_on_done(context_id: u32): u32 {
  const context = findContext(context_id);
  const isDone = context === null || context.onDone();
  endCallback();
  return isDone ? 1 : 0;
}

export function proxy_on_log(context_id: u32): void {
  const context = findContext(context_id);
  if (context !== null) context.onLog();
  endCallback();
}
