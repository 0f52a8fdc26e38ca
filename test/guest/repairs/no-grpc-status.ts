// Answers a request that is not gRPC.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { GrpcStatusValues, send_local_response } from "@solo-io/proxy-runtime";

class Stream extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    send_local_response(418, "teapot", String.UTF8.encode("short and stout"), [], GrpcStatusValues.InvalidCode);
    stream_context.headers.response.add("x-result", "sent");
    return FilterHeadersStatusValues.Continue;
  }
}
class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "repair");
