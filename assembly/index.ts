// What a filter imports: the names of @solo-io/proxy-runtime, and more.

export * from "filterwright/assembly/runtime/abort";
export * from "filterwright/assembly/runtime/enums";
export {
  Buffer,
  BufferStatusResult,
  get_buffer_bytes,
  get_buffer_status,
  set_buffer_bytes,
} from "filterwright/assembly/runtime/buffer";
export { GrpcHandler, HttpCallback } from "filterwright/assembly/runtime/calls";
export { BaseContext, Context } from "filterwright/assembly/runtime/context";
export { ForeignResult, call_foreign_function, clear_route_cache } from "filterwright/assembly/runtime/foreign";
export { HeaderStreamManipulator } from "filterwright/assembly/runtime/header-map";
export { send_local_response } from "filterwright/assembly/runtime/local-response";
export { isLogged, log } from "filterwright/assembly/runtime/log";
export {
  Counter,
  Gauge,
  Histogram,
  MetricData,
  MetricResult,
  define_metric,
  get_metric,
  increment_metric,
  record_metric,
} from "filterwright/assembly/runtime/metrics";
export { HeaderPair, Headers } from "filterwright/assembly/runtime/pairs";
export {
  getDouble,
  getFlag,
  getNumber,
  getProperty,
  getText,
  get_property,
  set_property,
} from "filterwright/assembly/runtime/property";
export { registerContext, registerRootContext } from "filterwright/assembly/runtime/registry";
export { RootContext } from "filterwright/assembly/runtime/root-context";
export {
  DequeueSharedQueueResult,
  SharedData,
  SharedQueue,
  dequeue_shared_queue,
  enqueue_shared_queue,
  getSharedData,
  setSharedData,
} from "filterwright/assembly/runtime/shared";
export {
  close_stream,
  continue_downstream,
  continue_request,
  continue_response,
  proxy_set_effective_context,
} from "filterwright/assembly/runtime/stream";
export { StreamContext, stream_context } from "filterwright/assembly/runtime/stream-context";
export {
  StatusWithData,
  done,
  getEnvironment,
  getRandom,
  get_current_time_nanoseconds,
  get_status,
  set_tick_period_milliseconds,
} from "filterwright/assembly/runtime/system";
