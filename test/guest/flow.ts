// How a filter steers a stream: trailers, holding and continuing, local replies, resets, a deferred end; by root_id.

export * from "filterwright/assembly/proxy";
import {
  BufferTypeValues,
  Context,
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  FilterMetadataStatusValues,
  FilterStatusValues,
  FilterTrailersStatusValues,
  GrpcHandler,
  GrpcStatusValues,
  HeaderPair,
  LogLevelValues,
  RootContext,
  SharedQueue,
  StreamTypeValues,
  call_foreign_function,
  close_stream,
  continue_downstream,
  continue_request,
  continue_response,
  getDouble,
  getFlag,
  getNumber,
  getText,
  get_buffer_bytes,
  log,
  registerContext,
  registerRootContext,
  send_local_response,
  set_tick_period_milliseconds,
  stream_context,
} from "filterwright/assembly";

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

function pair(name: string, value: string): HeaderPair {
  return new HeaderPair(bytes(name), bytes(value));
}

// --- trailers, read and written in both directions; and the metadata frames of HTTP/2 ---

class Trailers extends Context {
  onRequestTrailers(count: u32): FilterTrailersStatusValues {
    const trailers = stream_context.trailers.request;
    trailers.add("x-seen", `${count} ${trailers.length} ${trailers.getAll("x-many").join(";")}`);
    trailers.replace("x-many", "one");
    trailers.remove("x-gone");
    return FilterTrailersStatusValues.Continue;
  }

  onResponseTrailers(count: u32): FilterTrailersStatusValues {
    const trailers = stream_context.trailers.response;
    trailers.replace("x-answer", `${trailers.get("x-answer")}!`);
    trailers.add("x-added", `${count} ${trailers.size}`);
    return FilterTrailersStatusValues.Continue;
  }

  onRequestMetadata(count: u32): FilterMetadataStatusValues {
    log(LogLevelValues.warn, `request metadata ${count}`);
    return FilterMetadataStatusValues.Continue;
  }

  onResponseMetadata(count: u32): FilterMetadataStatusValues {
    log(LogLevelValues.warn, `response metadata ${count}`);
    return FilterMetadataStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Trailers(context_id, root_context), "trailers");

// --- trailers where none came: written at the end of a body ---

class NewTrailers extends Context {
  onResponseBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    if (end_of_stream) stream_context.trailers.response.add("x-new", "made here");
    return FilterDataStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new NewTrailers(context_id, root_context), "new-trailers");

// --- a stream held, and let go or reset by a timer ---

class HoldRoot extends RootContext {
  held: Hold[] = [];

  onConfigure(size: u32): bool {
    set_tick_period_milliseconds(20);
    return super.onConfigure(size);
  }

  onTick(): void {
    const held = this.held;
    if (held.length == 1 && held[0].what == "pair") return; // until there are two
    this.held = [];
    for (let i = 0; i < held.length; i++) held[i].release();
  }

  createContext(context_id: u32): Context {
    return new Hold(context_id, this);
  }
}

class Hold extends Context {
  what: string = "";

  constructor(
    context_id: u32,
    private root: HoldRoot,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.what = stream_context.headers.request.get("x-hold");
    if (this.what == "response") return FilterHeadersStatusValues.Continue;
    this.root.held.push(this);
    return FilterHeadersStatusValues.StopIteration;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    if (this.what != "response") return FilterHeadersStatusValues.Continue;
    this.root.held.push(this);
    return FilterHeadersStatusValues.StopIteration;
  }

  release(): void {
    this.setEffectiveContext();
    if (this.what == "request" || this.what == "pair") {
      const name = stream_context.headers.request.get("x-name");
      stream_context.headers.request.add("x-held", "by a timer" + name);
      continue_request();
    } else if (this.what == "response") {
      stream_context.headers.response.add("x-held", "by a timer");
      continue_response();
    } else if (this.what == "close") {
      close_stream(StreamTypeValues.Response);
    } else {
      send_local_response(
        418,
        "from a timer",
        bytes("teapot"),
        [pair("x-reply", "late")],
        GrpcStatusValues.InvalidCode,
      );
    }
  }
}

registerRootContext((context_id) => new HoldRoot(context_id), "hold");

// --- local replies, from either direction, and for gRPC ---

class Local extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    if (!stream_context.headers.request.has("x-local")) return FilterHeadersStatusValues.Continue;
    send_local_response(429, "too much", bytes("slow down"), [pair("x-a", "1")], GrpcStatusValues.ResourceExhausted);
    return FilterHeadersStatusValues.Continue; // what it returns does not matter any more
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    if (stream_context.headers.response.get("x-replace") != "") {
      send_local_response(502, "replaced", bytes("not this"), [pair("x-b", "2")], GrpcStatusValues.InvalidCode);
    }
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Local(context_id, root_context), "local");

// --- a header map as a whole ---

class Whole extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const before = headers.get_headers();
    let size = 0;
    for (let i = 0; i < before.length; i++) size += before[i].key.byteLength + before[i].value.byteLength;
    const after = [pair("x-size", `${headers.size == size}`), pair("x-count", `${count == before.length}`)];
    for (let i = 0; i < before.length; i++) {
      if (String.UTF8.decode(before[i].key) != "x-gone") after.push(before[i]);
    }
    const status = headers.set_headers(after);
    headers.add("x-after", `${status} ${headers.has("x-gone")} ${headers.get("x-size")}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Whole(context_id, root_context), "whole");

// --- a plugin that is not done yet ---

class DeferredRoot extends RootContext {
  isAsked: bool = false;

  onStart(vm_configuration_size: usize): bool {
    const text = String.UTF8.decode(get_buffer_bytes(BufferTypeValues.VmConfiguration, 0, <u32>vm_configuration_size));
    log(LogLevelValues.warn, "starts with " + text);
    return true;
  }

  onConfigure(size: u32): bool {
    set_tick_period_milliseconds(20);
    return super.onConfigure(size);
  }

  onDone(): bool {
    log(LogLevelValues.warn, "asked to end");
    this.isAsked = true;
    return false;
  }

  onTick(): void {
    if (!this.isAsked) return;
    this.isAsked = false;
    log(LogLevelValues.warn, "done now");
    this.done();
  }

  onDelete(): void {
    log(LogLevelValues.warn, "deleted");
  }
}

registerRootContext((context_id) => new DeferredRoot(context_id), "deferred");

// --- HTTP calls that come to nothing ---

class CallRoot extends RootContext {
  createContext(context_id: u32): Context {
    return new Call(context_id, this);
  }
}

class Call extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = [pair(":method", "GET"), pair(":path", "/slow"), pair(":authority", "a")];
    const cluster = stream_context.headers.request.get("x-cluster");
    const callback = (origin: Context, headers: u32, size: usize, trailers: u32): void => {
      const status = stream_context.headers.http_callback.get(":status");
      log(LogLevelValues.warn, "answered");
      stream_context.headers.request.add("x-called", `${headers} ${size} ${trailers} ${status}`);
      continue_request();
    };
    const result = this.root_context.httpCall(cluster, headers, bytes(""), [], 50, this, callback);
    const none = this.root_context.httpCall(cluster, [], bytes(""), [], 50, this, callback);
    stream_context.headers.request.add("x-result", `${result} ${none}`);
    return result == 0 ? FilterHeadersStatusValues.StopIteration : FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id) => new CallRoot(context_id), "call");

// --- gRPC calls that are ended from this side ---

class Ended extends GrpcHandler {
  onMessage(size: u32): void {
    log(LogLevelValues.warn, "message");
  }

  onClose(status_code: u32): void {
    log(LogLevelValues.warn, `closed ${status_code}`);
  }
}

class GrpcEnds extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const how = stream_context.headers.request.get("x-how");
    const handler = new Ended();
    const root = this.root_context;
    const begun =
      how == "cancel"
        ? root.grpcCall("grpc_server", "test.Echo", "Never", [], bytes("x"), 1000, handler)
        : root.grpcStream("grpc_server", "test.Echo", "Never", [], handler);
    const ended = how == "cancel" ? handler.cancel() : handler.close();
    const again = handler.cancel();
    stream_context.headers.request.add("x-ended", `${begun} ${ended} ${again}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new GrpcEnds(context_id, root_context), "grpc-ends");

// --- a queue from one plugin to another, in another VM ---

class QueueReader extends RootContext {
  private queue: SharedQueue = new SharedQueue();

  onConfigure(size: u32): bool {
    this.queue = SharedQueue.register("orders");
    return true;
  }

  onQueueReady(token: u32): void {
    let order = this.queue.dequeue();
    while (order !== null) {
      log(LogLevelValues.warn, `${token == this.queue.token} order ${String.UTF8.decode(order)}`);
      order = this.queue.dequeue();
    }
  }
}

registerRootContext((context_id) => new QueueReader(context_id), "queue-reader");

class QueueWriter extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const order = headers.get("x-order");
    headers.add("x-queued", `${SharedQueue.resolve("reader-vm", "orders").enqueue(bytes(order))}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new QueueWriter(context_id, root_context), "queue-writer");

// --- what else the host tells and does ---

class Host extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const text = "to be compressed ".repeat(20);
    const small = call_foreign_function("compress", bytes(text));
    const back = call_foreign_function("uncompress", small.data);
    headers.add("x-foreign", `${small.data.byteLength < 60} ${String.UTF8.decode(back.data) == text}`);
    headers.add("x-double", `${getDouble("xds.route_metadata.filter_metadata.demo.share")}`);
    headers.add("x-flag", `${getFlag("connection.mtls")} ${getFlag("xds.route_metadata.filter_metadata.demo.flag")}`);
    headers.add("x-text", getText("xds.route_metadata.filter_metadata.demo.text"));
    headers.add("x-number", `${getNumber("request.headers_bytes") > 0} ${getNumber("request.path")}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Host(context_id, root_context), "host");

// --- a TCP connection held, let go, and closed ---

class TcpHoldRoot extends RootContext {
  held: TcpHold | null = null;

  onConfigure(size: u32): bool {
    set_tick_period_milliseconds(20);
    return super.onConfigure(size);
  }

  onTick(): void {
    const held = this.held;
    this.held = null;
    if (held === null) return;
    held.setEffectiveContext();
    continue_downstream();
  }

  createContext(context_id: u32): Context {
    return new TcpHold(context_id, this);
  }
}

class TcpHold extends Context {
  private isFirst: bool = true;

  constructor(
    context_id: u32,
    private root: TcpHoldRoot,
  ) {
    super(context_id, root);
  }

  onDownstreamData(size: usize, end: bool): FilterStatusValues {
    const text = stream_context.body.downstream.text();
    if (text.endsWith("bye")) {
      close_stream(StreamTypeValues.Downstream);
      return FilterStatusValues.StopIteration;
    }
    if (!this.isFirst) return FilterStatusValues.Continue;
    this.isFirst = false;
    this.root.held = this;
    log(LogLevelValues.warn, "held " + text);
    return FilterStatusValues.StopIteration;
  }
}

registerRootContext((context_id) => new TcpHoldRoot(context_id), "tcp-hold");
