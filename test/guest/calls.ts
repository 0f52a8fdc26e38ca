// A client of HTTP and gRPC that does what a request's headers say, and logs everything that comes of it.

export * from "filterwright/assembly/proxy";
import {
  BufferTypeValues,
  Context,
  FilterHeadersStatusValues,
  GrpcHandler,
  HeaderPair,
  LogLevelValues,
  RootContext,
  get_buffer_bytes,
  get_status,
  log,
  registerContext,
  send_local_response,
  stream_context,
  GrpcStatusValues,
} from "filterwright/assembly";

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

/** The run that a request belongs to; in the callback of an HTTP call the last one's. */
let run: string = "";

function say(text: string, owner: string = run): void {
  log(LogLevelValues.warn, `${owner} ${text}`);
}

function bytesFromHex(hex: string): ArrayBuffer {
  const found = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < found.length; i++) found[i] = <u8>I32.parseInt(hex.substr(2 * i, 2), 16);
  return found.buffer;
}

/** Of characters below 128. */
function fromHex(hex: string): string {
  return String.UTF8.decode(bytesFromHex(hex));
}

function header(name: string, value: string): HeaderPair {
  return new HeaderPair(bytes(name), bytes(value));
}

class Teller extends GrpcHandler {
  private run: string = run;

  constructor(private onFirst: string) {
    super();
  }

  private say(text: string): void {
    say(text, this.run);
  }

  /** What the plugin does with the stream: each word a message, the end of messages, or the end of all. */
  act(words: string): void {
    const each = words.split(" ");
    for (let i = 0; i < each.length; i++) {
      const word = each[i];
      if (word == "") continue;
      if (word == "close") this.say(`close: ${this.close()}`);
      else if (word == "cancel") this.say(`cancel: ${this.cancel()}`);
      else if (word.endsWith("!")) this.say(`send: ${this.send(bytes(word), true)}`);
      else this.say(`send: ${this.send(bytes(word), false)}`);
    }
  }

  onInitialMetadata(headers: u32): void {
    this.say(`initial metadata ${headers}: ${stream_context.headers.grpc.get("x-initial")}`);
  }

  onMessage(size: u32): void {
    const text = String.UTF8.decode(get_buffer_bytes(BufferTypeValues.GrpcReceiveBuffer, 0, size));
    this.say(`message ${size}: ${text.substr(0, 20)}`);
    const words = this.onFirst;
    this.onFirst = "";
    this.act(words);
  }

  onTrailingMetadata(trailers: u32): void {
    this.say(`trailing metadata ${trailers}: ${stream_context.trailers.grpc.get("x-trailing")}`);
  }

  onClose(status_code: u32): void {
    const message = String.UTF8.decode(get_status().data);
    this.say(`end ${status_code}: ${message}`);
  }
}

class Client extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    run = stream_context.headers.request.get("x-run");
    const isHttp = stream_context.headers.request.get("x-kind") == "http";
    if (isHttp) this.callHttp();
    else this.callGrpc();
    send_local_response(200, "", new ArrayBuffer(0), [], GrpcStatusValues.Ok);
    return FilterHeadersStatusValues.StopIteration;
  }

  private callHttp(): void {
    const asked = stream_context.headers.request;
    const lines = [header(":method", "POST"), header(":path", `/${asked.get("x-method")}`), header("x-sent", run)];
    // With words, that one is left out.
    if (asked.get("x-words") == "") lines.push(header(":authority", "example.com"));
    const result = this.root_context.httpCall(
      fromHex(asked.get("x-service")),
      lines,
      bytes(asked.get("x-body")),
      asked.get("x-trailer") == "" ? [] : [header("x-trailer", asked.get("x-trailer"))],
      <u32>I64.parseInt(asked.get("x-timeout")),
      this.root_context,
      (_: Context, headers: u32, size: usize, trailers: u32) => {
        const body = get_buffer_bytes(BufferTypeValues.HttpCallResponseBody, 0, <u32>size);
        const came = stream_context.headers.http_callback;
        const status = get_status();
        say(`answer ${headers} ${size} ${trailers}: ${came.get(":status")} ${came.get("x-initial")}`);
        say(`body: ${String.UTF8.decode(body).substr(0, 20)}`);
        say(`trailer: ${stream_context.trailers.http_callback.get("x-trailing")}`);
        say(`status: ${status.status} ${String.UTF8.decode(status.data)}`);
      },
    );
    say(`began: ${result}`);
  }

  private callGrpc(): void {
    const asked = stream_context.headers.request;
    const service = fromHex(asked.get("x-service"));
    const method = asked.get("x-method");
    const metadata = [header("x-sent", run)];
    const more = asked.get("x-metadata").split("=");
    if (more.length == 2) metadata.push(new HeaderPair(bytes(more[0]), bytesFromHex(more[1])));
    const handler = new Teller(asked.get("x-on-first"));
    const isStream = asked.get("x-kind") == "stream";
    const timeout = <u32>I64.parseInt(asked.get("x-timeout"));
    const result = isStream
      ? this.root_context.grpcStream(service, "test.Service", method, metadata, handler)
      : this.root_context.grpcCall(service, "test.Service", method, metadata, bytes("hello"), timeout, handler);
    say(`began: ${result}`);
    handler.act(asked.get("x-words"));
  }
}

registerContext((context_id, root_context) => new Client(context_id, root_context), "calls");
