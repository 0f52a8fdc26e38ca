import { endCallback } from "filterwright/assembly/runtime/callback";
import { findContext } from "filterwright/assembly/runtime/contexts";
import { RootContext } from "filterwright/assembly/runtime/root-context";

export function proxy_validate_configuration(root_context_id: u32, configuration_size: u32): u32 {
  const root = findContext(root_context_id);
  const isValid = root !== null && changetype<RootContext>(root).validateConfiguration(configuration_size);
  endCallback();
  return isValid ? 1 : 0;
}

export function proxy_on_tick(root_context_id: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).onTick();
  endCallback();
}

export function proxy_on_queue_ready(root_context_id: u32, token: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).onQueueReady(token);
  endCallback();
}

export function proxy_on_foreign_function(root_context_id: u32, function_id: u32, data_size: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).onForeignFunction(function_id, data_size);
  endCallback();
}
