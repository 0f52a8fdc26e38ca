import { endCallback } from "filterwright/assembly/runtime/callback";
import { Context } from "filterwright/assembly/runtime/context";
import { findContext } from "filterwright/assembly/runtime/contexts";

export function proxy_on_request_headers(context_id: u32, headers: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onRequestHeaders(headers, end_of_stream != 0);
  endCallback();
  return status;
}

export function proxy_on_response_headers(context_id: u32, headers: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status =
    context === null ? 0 : <i32>changetype<Context>(context).onResponseHeaders(headers, end_of_stream != 0);
  endCallback();
  return status;
}
