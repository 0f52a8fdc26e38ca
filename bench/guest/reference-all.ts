// The reference job as a filter author writes it for the published SDK, and here with every callback exported.

export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";

class Stream extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.request.add("x-demo-request", "hello");
    stream_context.headers.request.remove("x-internal");
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-demo-response", "world");
    stream_context.headers.response.remove("x-powered-by");
    return FilterHeadersStatusValues.Continue;
  }
}

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "demo");
