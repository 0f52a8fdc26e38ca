// Asks Envoy to choose the route anew.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { clear_route_cache } from "@solo-io/proxy-runtime/assembly/runtime";

class Stream extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-result", clear_route_cache().toString());
    return FilterHeadersStatusValues.Continue;
  }
}
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "repair");
