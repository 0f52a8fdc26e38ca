// The kinds of filters that users of the published SDK write, by root_id, as they would write them for it.

export * from "@solo-io/proxy-runtime/proxy";
import {
  BaseContext,
  Context,
  Counter,
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  FilterTrailersStatusValues,
  Gauge,
  GrpcStatusValues,
  HeaderPair,
  Histogram,
  LogLevelValues,
  RootContext,
  WasmResultValues,
  log,
  registerRootContext,
  send_local_response,
  stream_context,
} from "@solo-io/proxy-runtime";
import {
  BufferTypeValues,
  SharedQueue,
  clear_route_cache,
  call_foreign_function,
  getEnvironment,
  getNumber,
  getRandom,
  getSharedData,
  getText,
  get_buffer_bytes,
  get_current_time_nanoseconds,
  get_property,
  isLogged,
  setSharedData,
  set_property,
  set_tick_period_milliseconds,
} from "filterwright/assembly";

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

function pair(name: string, value: string): HeaderPair {
  return new HeaderPair(bytes(name), bytes(value));
}

// --- auth by a call to another cluster ---

class AuthRoot extends RootContext {
  createContext(context_id: u32): Context {
    return new Auth(context_id, this);
  }
}

class Auth extends Context {
  allowed: bool = false;

  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const token = stream_context.headers.request.get("x-token");
    const headers = [
      pair(":method", "GET"),
      pair(":path", "/auth"),
      pair(":authority", "auth"),
      pair("x-token", token),
    ];
    const result = this.root_context.httpCall(
      "upstream",
      headers,
      new ArrayBuffer(0),
      [],
      1000,
      this,
      (origin_context: BaseContext, headers: u32, body_size: usize, trailers: u32) => {
        const self = changetype<Auth>(origin_context);
        const status = stream_context.headers.http_callback.get(":status");
        if (headers > 0 && status == "200") {
          stream_context.headers.request.add(
            "x-auth-body",
            String.UTF8.decode(get_buffer_bytes(BufferTypeValues.HttpCallResponseBody, 0, <u32>body_size)),
          );
          self.allowed = true;
          self.continueRequest();
        } else {
          send_local_response(403, "denied", bytes("no\n"), [pair("x-denied", status)], GrpcStatusValues.InvalidCode);
        }
      },
    );
    if (result != WasmResultValues.Ok) log(LogLevelValues.error, "call failed: " + result.toString());
    return FilterHeadersStatusValues.StopIteration;
  }

  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-allowed", this.allowed ? "yes" : "no");
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new AuthRoot(context_id), "auth");

// --- a singleton that ticks and keeps shared data ---

class TickRoot extends RootContext {
  ticks: u32 = 0;

  onConfigure(configuration_size: u32): bool {
    super.onConfigure(configuration_size);
    set_tick_period_milliseconds(20);
    return true;
  }

  onTick(): void {
    this.ticks++;
    const data = getSharedData("ticks");
    const before = data.result == WasmResultValues.Ok ? I32.parseInt(String.UTF8.decode(data.value)) : 0;
    setSharedData("ticks", bytes((before + 1).toString()), data.cas);
  }

  createContext(context_id: u32): Context {
    return new Tick(context_id, this);
  }
}

class Tick extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.response;
    const data = getSharedData("ticks");
    headers.add("x-ticks", data.result == WasmResultValues.Ok ? String.UTF8.decode(data.value) : "none");
    headers.add("x-began", (load<i64>(changetype<usize>(get_property("request.time"))) / 1_000_000).toString());
    headers.add("x-missing", getSharedData("nothing").result.toString());
    setSharedData("own", bytes("1"));
    const own = getSharedData("own");
    headers.add("x-cas", `${setSharedData("own", bytes("2"), own.cas)} ${setSharedData("own", bytes("3"), own.cas)}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new TickRoot(context_id), "tick");

// --- bodies, read and changed, and trailers ---

class BodyRoot extends RootContext {
  createContext(context_id: u32): Context {
    return new Body(context_id, this);
  }
}

class Body extends Context {
  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.request.remove("content-length");
    return FilterHeadersStatusValues.Continue;
  }

  onRequestBody(body_buffer_length: usize, end_of_stream: bool): FilterDataStatusValues {
    if (!end_of_stream) return FilterDataStatusValues.StopIterationAndBuffer;
    const body = stream_context.body.request;
    const text = body.text();
    body.replaceText(text.toUpperCase() + "!");
    body.prepend(bytes("<"));
    body.append(bytes(">"));
    return FilterDataStatusValues.Continue;
  }

  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.remove("content-length");
    return FilterHeadersStatusValues.Continue;
  }

  onResponseBody(body_buffer_length: usize, end_of_stream: bool): FilterDataStatusValues {
    if (!end_of_stream) return FilterDataStatusValues.StopIterationAndBuffer;
    const body = stream_context.body.response;
    const size = body.size;
    body.drain(2);
    body.append(bytes(` ${size} bytes`));
    return FilterDataStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new BodyRoot(context_id), "body");

// --- everything else that a header callback can ask and do ---

class AskRoot extends RootContext {
  counter: Counter = new Counter("ask.requests");
  gauge: Gauge = new Gauge("ask.level");
  histogram: Histogram = new Histogram("ask.size");

  createContext(context_id: u32): Context {
    return new Ask(context_id, this);
  }
}

class Ask extends Context {
  constructor(
    context_id: u32,
    private root: AskRoot,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const add = (name: string, value: string): void => {
      stream_context.headers.request.add(name, value);
    };
    add("x-get", `${headers.get("x-many")}|${headers.get("x-none")}|${headers.get("HOST")}`);
    add("x-has", `${headers.has("x-empty")} ${headers.has("x-none")} ${headers.getBytes("x-none") === null}`);
    add("x-all", headers.getAll("X-Many").join(";"));
    headers.set("x-set", ["a", "b", "c"]);
    add("x-set-seen", headers.getAll("x-set").join(";"));
    headers.replace("x-set", "d");
    headers.add("x-set", "e");
    add("x-set-after", headers.getAll("x-set").join(";"));
    headers.remove("x-gone");
    add("x-gone-seen", `${headers.has("x-gone")}`);
    const raw = headers.getBytes("x-raw");
    if (raw !== null) headers.replaceBytes("x-raw-copy", raw);
    add(
      "x-status",
      `${headers.status} ${stream_context.headers.response.status} ${stream_context.headers.response.add("a", "b")}`,
    );
    add(
      "x-attributes",
      `${getText("request.method")} ${getText("request.path")} ${get_property("no.such").byteLength}`,
    );
    add("x-port", `${getNumber("destination.port") > 0}`);
    set_property("mine", bytes("kept"));
    add("x-property", getText("mine"));
    add("x-time", `${get_current_time_nanoseconds() > 1_700_000_000_000_000_000}`);
    add("x-random", `${getRandom(16).byteLength}`);
    const variable = getEnvironment("GREETING");
    add("x-environment", `${variable !== null ? variable : "none"} ${getEnvironment("OTHER") === null}`);
    add("x-foreign", `${clear_route_cache()} ${call_foreign_function("no_such", bytes("")).result}`);
    this.root.counter.increment(2);
    this.root.gauge.set(7);
    this.root.gauge.increment(-3);
    this.root.histogram.observe(5);
    add("x-metrics", `${this.root.counter.value} ${this.root.gauge.value}`);
    if (isLogged(LogLevelValues.info)) log(LogLevelValues.info, "asked");
    log(LogLevelValues.debug, "not to be seen");
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new AskRoot(context_id), "ask");

// --- a queue between two plugins ---

class ReaderRoot extends RootContext {
  queue: SharedQueue = new SharedQueue();

  onConfigure(configuration_size: u32): bool {
    this.queue = SharedQueue.register("jobs");
    return this.queue.result == WasmResultValues.Ok;
  }

  onQueueReady(token: u32): void {
    let job = this.queue.dequeue();
    while (job !== null) {
      log(LogLevelValues.warn, "job " + String.UTF8.decode(job));
      job = this.queue.dequeue();
    }
  }

  createContext(context_id: u32): Context {
    return new Writer(context_id, this);
  }
}

class Writer extends Context {
  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const queue = SharedQueue.resolve("", "jobs");
    queue.enqueue(bytes("one"));
    queue.enqueue(bytes("two"));
    stream_context.headers.response.add("x-queue", `${queue.result} ${SharedQueue.resolve("", "none").result}`);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseTrailers(s: u32): FilterTrailersStatusValues {
    return FilterTrailersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new ReaderRoot(context_id), "queue");

// --- the ends of a stream, and of a plugin ---

class EndsRoot extends RootContext {
  onDone(): bool {
    log(LogLevelValues.warn, "root done");
    return true;
  }

  onDelete(): void {
    log(LogLevelValues.warn, "root delete");
  }

  createContext(context_id: u32): Context {
    return new Ends(context_id, this);
  }
}

class Ends extends Context {
  onLog(): void {
    log(LogLevelValues.warn, `log ${stream_context.headers.response.get(":status")} ${getNumber("response.code")}`);
  }

  onDone(): bool {
    log(LogLevelValues.warn, "done");
    return true;
  }

  onDelete(): void {
    log(LogLevelValues.warn, "delete");
  }
}

registerRootContext((context_id: u32) => new EndsRoot(context_id), "ends");

// --- a filter that fails ---

class TrapRoot extends RootContext {
  createContext(context_id: u32): Context {
    return new Trap(context_id, this);
  }
}

class Trap extends Context {
  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    if (stream_context.headers.request.has("x-trap")) throw new Error("as told");
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new TrapRoot(context_id), "trap");
