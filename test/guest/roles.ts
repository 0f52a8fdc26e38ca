// What a module can be beside an HTTP filter: a TCP filter, an access logger, a gRPC client; by root_id.

export * from "filterwright/assembly/proxy";
import {
  BufferTypeValues,
  Context,
  FilterHeadersStatusValues,
  FilterStatusValues,
  GrpcHandler,
  HeaderPair,
  LogLevelValues,
  PeerTypeValues,
  RootContext,
  continue_request,
  getNumber,
  getText,
  get_buffer_bytes,
  get_status,
  log,
  registerContext,
  registerRootContext,
  stream_context,
} from "filterwright/assembly";

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

// --- a TCP filter ---

class Tcp extends Context {
  onNewConnection(): FilterStatusValues {
    log(LogLevelValues.warn, "new connection");
    return FilterStatusValues.Continue;
  }

  onDownstreamData(size: usize, end: bool): FilterStatusValues {
    const data = stream_context.body.downstream;
    if (data.size > 0) data.replaceText(data.text().toUpperCase());
    return FilterStatusValues.Continue;
  }

  onUpstreamData(size: usize, end: bool): FilterStatusValues {
    const data = stream_context.body.upstream;
    if (data.size > 0) data.append(bytes(`(${size})`));
    return FilterStatusValues.Continue;
  }

  onDownstreamConnectionClose(t: PeerTypeValues): void {
    log(LogLevelValues.warn, `downstream closed ${t}`);
  }

  onUpstreamConnectionClose(t: PeerTypeValues): void {
    log(LogLevelValues.warn, "upstream closed");
  }

  onDone(): bool {
    log(LogLevelValues.warn, "done");
    return true;
  }
}

registerContext((context_id, root_context) => new Tcp(context_id, root_context), "tcp");

// --- an access logger ---

class AccessLog extends RootContext {
  onLog(): void {
    const request = stream_context.headers.request;
    const response = stream_context.headers.response;
    log(
      LogLevelValues.warn,
      `${request.get(":method")} ${getText("request.path")} ${response.get(":status")} ${getNumber("response.code")}`,
    );
  }
}

registerRootContext((context_id) => new AccessLog(context_id), "access-log");

// --- a gRPC client ---

class Answer extends GrpcHandler {
  seen: string = "";

  constructor(private stream: Grpc) {
    super();
  }

  onInitialMetadata(headers: u32): void {
    this.seen += stream_context.headers.grpc.get("x-initial") + " ";
  }

  onMessage(size: u32): void {
    this.seen += String.UTF8.decode(get_buffer_bytes(BufferTypeValues.GrpcReceiveBuffer, 0, size)) + " ";
  }

  onTrailingMetadata(trailers: u32): void {
    this.seen += stream_context.trailers.grpc.get("x-trailing") + " ";
  }

  onClose(status_code: u32): void {
    this.seen += `${status_code} ${String.UTF8.decode(get_status().data)}`;
    this.stream.setEffectiveContext();
    stream_context.headers.request.add("x-grpc", this.seen);
    continue_request();
  }
}

class Grpc extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const method = stream_context.headers.request.get("x-method");
    const metadata = [new HeaderPair(bytes("x-sent"), bytes("metadata"))];
    const answer = new Answer(this);
    if (method == "Stream") {
      this.root_context.grpcStream("grpc_server", "test.Echo", method, metadata, answer);
      answer.send(bytes("one"), false);
      answer.send(bytes("two"), true);
    } else {
      this.root_context.grpcCall("grpc_server", "test.Echo", method, metadata, bytes("hello"), 1000, answer);
    }
    return FilterHeadersStatusValues.StopIteration;
  }
}

registerContext((context_id, root_context) => new Grpc(context_id, root_context), "grpc");
