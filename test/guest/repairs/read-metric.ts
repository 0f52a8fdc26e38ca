// Reads a counter back.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { define_metric, get_metric, increment_metric, MetricTypeValues } from "@solo-io/proxy-runtime/assembly/runtime";

class Stream extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const id = define_metric(MetricTypeValues.Counter, "repairs.requests").metric_id;
    increment_metric(id, 3);
    stream_context.headers.response.add("x-result", get_metric(id).data.toString());
    return FilterHeadersStatusValues.Continue;
  }
}
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "repair");
