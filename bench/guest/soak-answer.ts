// Answers with its configuration and what the request asked, traps where it is told to, and refuses one configuration: each answer tells
// whose it is.

export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";

class Stream extends Context {
  private asked: string = "";

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.asked = stream_context.headers.request.get("x-asked");
    if (stream_context.headers.request.get("x-trap") != "") unreachable();
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const version = (this.root_context as Root).version;
    stream_context.headers.response.add("x-answered", version + "/" + this.asked);
    return FilterHeadersStatusValues.Continue;
  }
}

class Root extends RootContext {
  version: string = "";

  onConfigure(size: u32): bool {
    this.version = String.UTF8.decode(this.getConfigurationBytes());
    return this.version != "refuse";
  }

  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "demo");
