import {
  proxy_close_stream,
  proxy_continue_stream,
  proxy_set_effective_context as host_set_effective_context,
} from "@solo-io/proxy-runtime/assembly/imports";
import { forgetHeaders } from "filterwright/assembly/runtime/callback";
import { StreamTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";

/** Lets a request go on that a callback held. Envoy does it when the callback returns. */
export function continue_request(): WasmResultValues {
  return proxy_continue_stream(StreamTypeValues.Request);
}

/** Lets a response go on that a callback held. */
export function continue_response(): WasmResultValues {
  return proxy_continue_stream(StreamTypeValues.Response);
}

/** Lets a TCP direction go on that a callback held. */
export function continue_downstream(): WasmResultValues {
  return proxy_continue_stream(StreamTypeValues.Downstream);
}

/** Resets a stream, or closes a connection. */
export function close_stream(stream: StreamTypeValues): WasmResultValues {
  return proxy_close_stream(stream);
}

/**
 * Makes host calls act on another context's stream until the callback returns: to continue a stream from a timer or from
 * the answer to a call.
 */
export function proxy_set_effective_context(context_id: u32): WasmResultValues {
  forgetHeaders();
  return host_set_effective_context(context_id);
}
