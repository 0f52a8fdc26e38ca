// Two kinds of plugins in one module. Each says who it is, how it is configured, and which of its streams this is.

export * from "filterwright/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "filterwright/assembly";

class Root extends RootContext {
  streams: u32 = 0;

  constructor(
    context_id: u32,
    readonly kind: string,
  ) {
    super(context_id);
  }

  createContext(context_id: u32): Context {
    return new Stream(context_id, this, ++this.streams);
  }
}

class Stream extends Context {
  constructor(
    context_id: u32,
    private root: Root,
    private nth: u32,
  ) {
    super(context_id, root);
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const root = this.root;
    stream_context.headers.response.add("x-seen", `${root.kind} ${root.getConfiguration()} ${this.nth}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id) => new Root(context_id, "one"), "one");
registerRootContext((context_id) => new Root(context_id, "two"), "two");
