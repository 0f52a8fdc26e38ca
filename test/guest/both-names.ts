// A filter that takes its runtime by both names: the contexts that one of them makes must be the other's.

export * from "filterwright/assembly/proxy";
import { Context, FilterHeadersStatusValues, registerRootContext } from "@solo-io/proxy-runtime";
import { RootContext, stream_context } from "filterwright/assembly";

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

class Stream extends Context {
  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-configuration", this.root_context.getConfiguration());
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "both-names");
