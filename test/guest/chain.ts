// Two filters of one stream, `one` and `two`: each says what is called, and what of the stream it shares with the other.

export * from "filterwright/assembly/proxy";
import {
  Context,
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  GrpcStatusValues,
  LogLevelValues,
  RootContext,
  WasmResultValues,
  getSharedData,
  getText,
  log,
  registerRootContext,
  send_local_response,
  setSharedData,
  set_property,
  stream_context,
} from "filterwright/assembly";

class ChainRoot extends RootContext {
  constructor(
    context_id: u32,
    readonly name: string,
  ) {
    super(context_id);
  }

  createContext(context_id: u32): Context {
    return new Chain(context_id, this);
  }
}

class Chain extends Context {
  private readonly name: string;

  constructor(context_id: u32, root: ChainRoot) {
    super(context_id, root);
    this.name = root.name;
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    this.say(`request ${headers.get("x-seen")} ${getText("mine")} ${getSharedData("mine").result}`);
    headers.add("x-seen", this.name);
    set_property("mine", String.UTF8.encode(getText("mine") + this.name));
    setSharedData("mine", String.UTF8.encode(this.name));
    if (headers.get("x-reply") == this.name) {
      send_local_response(403, this.name, String.UTF8.encode("no\n"), [], GrpcStatusValues.InvalidCode);
      return FilterHeadersStatusValues.StopIteration;
    }
    if (headers.get("x-trap") == this.name) unreachable();
    return FilterHeadersStatusValues.Continue;
  }

  onRequestBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    this.say(`request body ${size} ${end_of_stream}`);
    if (end_of_stream) stream_context.body.request.append(String.UTF8.encode(this.name));
    return end_of_stream ? FilterDataStatusValues.Continue : FilterDataStatusValues.StopIterationAndBuffer;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.response;
    this.say(`response ${headers.get(":status")} ${headers.get("x-seen")} ${getText("mine")}`);
    headers.add("x-seen", this.name);
    if (headers.get("x-replace") == this.name) {
      send_local_response(500, this.name, String.UTF8.encode("replaced\n"), [], GrpcStatusValues.InvalidCode);
      return FilterHeadersStatusValues.StopIteration;
    }
    return FilterHeadersStatusValues.Continue;
  }

  onLog(): void {
    this.say("log");
  }

  onDone(): bool {
    this.say("done");
    return true;
  }

  onDelete(): void {
    this.say("delete");
  }

  private say(text: string): void {
    log(LogLevelValues.warn, `${this.name}: ${text}`);
  }
}

registerRootContext((context_id) => new ChainRoot(context_id, "one"), "one");
registerRootContext((context_id) => new ChainRoot(context_id, "two"), "two");
