// Writes request headers while the response passes, where Envoy refuses it.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { WasmResultValues } from "@solo-io/proxy-runtime";

class Stream extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.request.remove("x-late");
    stream_context.headers.request.replace("x-late", "1");
    stream_context.headers.response.add("x-result", WasmResultValues.Ok.toString());
    return FilterHeadersStatusValues.Continue;
  }
}
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "repair");
