// A job that reads three headers and writes one, as a filter author writes it for the published SDK.

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
    const headers = stream_context.headers.request;
    const isKnown = headers.get("x-internal") == "secret" && headers.get("user-agent") != "";
    if (isKnown && headers.get(":path").startsWith("/")) headers.replace("x-verdict", "known");
    return FilterHeadersStatusValues.Continue;
  }
}

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "demo");
