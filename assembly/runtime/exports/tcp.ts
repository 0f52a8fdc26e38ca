import { endCallback } from "filterwright/assembly/runtime/callback";
import { Context } from "filterwright/assembly/runtime/context";
import { findContext } from "filterwright/assembly/runtime/contexts";
import { PeerTypeValues } from "filterwright/assembly/runtime/enums";

export function proxy_on_new_connection(context_id: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onNewConnection();
  endCallback();
  return status;
}

export function proxy_on_downstream_data(context_id: u32, size: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onDownstreamData(size, end_of_stream != 0);
  endCallback();
  return status;
}

export function proxy_on_upstream_data(context_id: u32, size: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onUpstreamData(size, end_of_stream != 0);
  endCallback();
  return status;
}

export function proxy_on_downstream_connection_close(context_id: u32, peer: u32): void {
  const context = findContext(context_id);
  if (context !== null) changetype<Context>(context).onDownstreamConnectionClose(<PeerTypeValues>peer);
  endCallback();
}

export function proxy_on_upstream_connection_close(context_id: u32, peer: u32): void {
  const context = findContext(context_id);
  if (context !== null) changetype<Context>(context).onUpstreamConnectionClose(<PeerTypeValues>peer);
  endCallback();
}
