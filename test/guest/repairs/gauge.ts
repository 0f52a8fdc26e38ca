// Records a gauge under its own id, whatever id is given.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { Gauge } from "@solo-io/proxy-runtime";
import { get_metric } from "@solo-io/proxy-runtime/assembly/runtime";

class Stream extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const gauge = new Gauge("repairs.level");
    gauge.record(0, 5);
    stream_context.headers.response.add("x-result", get_metric(gauge.metric_id).data.toString());
    return FilterHeadersStatusValues.Continue;
  }
}
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "repair");
