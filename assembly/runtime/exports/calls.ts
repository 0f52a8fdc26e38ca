import { endCallback } from "filterwright/assembly/runtime/callback";
import { findContext } from "filterwright/assembly/runtime/contexts";
import { RootContext } from "filterwright/assembly/runtime/root-context";

export function proxy_on_http_call_response(
  root_context_id: u32,
  token: u32,
  headers: u32,
  body_size: u32,
  trailers: u32,
): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).onHttpCallResponse(token, headers, body_size, trailers);
  endCallback();
}

export function proxy_on_grpc_receive_initial_metadata(root_context_id: u32, token: u32, headers: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).on_grpc_receive_initial_metadata(token, headers);
  endCallback();
}

export function proxy_on_grpc_receive(root_context_id: u32, token: u32, response_size: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).on_grpc_receive(token, response_size);
  endCallback();
}

export function proxy_on_grpc_receive_trailing_metadata(root_context_id: u32, token: u32, trailers: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).on_grpc_trailing_metadata(token, trailers);
  endCallback();
}

export function proxy_on_grpc_close(root_context_id: u32, token: u32, status_code: u32): void {
  const root = findContext(root_context_id);
  if (root !== null) changetype<RootContext>(root).on_grpc_close(token, status_code);
  endCallback();
}
