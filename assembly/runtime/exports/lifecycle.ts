import { endCallback } from "filterwright/assembly/runtime/callback";
import { findContext, removeContext } from "filterwright/assembly/runtime/contexts";
import { forgetCallsOf } from "filterwright/assembly/runtime/pending-calls";
import { createContext, createRootContext } from "filterwright/assembly/runtime/registry";
import { RootContext } from "filterwright/assembly/runtime/root-context";

export { free, malloc } from "filterwright/assembly/runtime/memory";

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_context_create(context_id: u32, root_context_id: u32): void {
  if (root_context_id != 0) createContext(context_id, root_context_id);
  else createRootContext(context_id);
  endCallback();
}

export function proxy_on_vm_start(root_context_id: u32, configuration_size: u32): u32 {
  const root = findContext(root_context_id);
  const started = root === null || changetype<RootContext>(root).onStart(configuration_size);
  endCallback();
  return started ? 1 : 0;
}

export function proxy_on_configure(root_context_id: u32, configuration_size: u32): u32 {
  const root = findContext(root_context_id);
  const accepted = root !== null && changetype<RootContext>(root).onConfigure(configuration_size);
  endCallback();
  return accepted ? 1 : 0;
}

export function proxy_on_delete(context_id: u32): void {
  const context = findContext(context_id);
  if (context === null) return;
  context.onDelete();
  removeContext(context_id);
  const forget = forgetCallsOf;
  if (forget !== null) forget(changetype<RootContext>(context)); // a stream has none
  endCallback();
}
