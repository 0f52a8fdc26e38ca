import { endCallback } from "filterwright/assembly/runtime/callback";
import { Context } from "filterwright/assembly/runtime/context";
import { findContext } from "filterwright/assembly/runtime/contexts";

export function proxy_on_request_body(context_id: u32, body_buffer_length: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status =
    context === null ? 0 : <i32>changetype<Context>(context).onRequestBody(body_buffer_length, end_of_stream != 0);
  endCallback();
  return status;
}

export function proxy_on_request_trailers(context_id: u32, trailers: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onRequestTrailers(trailers);
  endCallback();
  return status;
}

export function proxy_on_request_metadata(context_id: u32, nelements: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onRequestMetadata(nelements);
  endCallback();
  return status;
}

export function proxy_on_response_body(context_id: u32, body_buffer_length: u32, end_of_stream: u32): i32 {
  const context = findContext(context_id);
  const status =
    context === null ? 0 : <i32>changetype<Context>(context).onResponseBody(body_buffer_length, end_of_stream != 0);
  endCallback();
  return status;
}

export function proxy_on_response_trailers(context_id: u32, trailers: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onResponseTrailers(trailers);
  endCallback();
  return status;
}

export function proxy_on_response_metadata(context_id: u32, nelements: u32): i32 {
  const context = findContext(context_id);
  const status = context === null ? 0 : <i32>changetype<Context>(context).onResponseMetadata(nelements);
  endCallback();
  return status;
}
