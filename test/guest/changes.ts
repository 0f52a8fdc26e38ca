// A filter that does what the header x-do says, to look at with `filterwright run`.

export * from "filterwright/assembly/proxy";
import {
  BaseContext,
  Context,
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  FilterTrailersStatusValues,
  GrpcStatusValues,
  HeaderPair,
  LogLevelValues,
  RootContext,
  StreamTypeValues,
  close_stream,
  continue_request,
  getText,
  log,
  registerRootContext,
  send_local_response,
  set_tick_period_milliseconds,
  stream_context,
} from "filterwright/assembly";

function pair(name: string, value: string): HeaderPair {
  return new HeaderPair(String.UTF8.encode(name), String.UTF8.encode(value));
}

class ChangesRoot extends RootContext {
  held: Context | null = null;

  onTick(): void {
    set_tick_period_milliseconds(0);
    const held = this.held;
    if (held === null) {
      log(LogLevelValues.info, "ticked");
      return;
    }
    this.held = null;
    held.setEffectiveContext();
    stream_context.headers.request.add("x-held", "by a timer");
    continue_request();
  }

  createContext(context_id: u32): Context {
    return new Changes(context_id, this);
  }
}

class Changes extends Context {
  what: string = "";

  constructor(
    context_id: u32,
    private root: ChangesRoot,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    this.what = headers.get("x-do");
    if (this.what == "everything") {
      headers.replace(":method", "PUT");
      headers.replace(":path", "/other?q=1");
      headers.replace(":authority", "other.example");
      headers.add("x-added", "one");
      headers.add("x-more", "b");
      headers.replace("x-replaced", "new");
      headers.remove("x-gone");
      headers.remove("content-length");
      log(LogLevelValues.debug, "seen from debug on");
      log(LogLevelValues.warn, "seen");
    } else if (this.what == "reply") {
      send_local_response(
        403,
        "denied",
        String.UTF8.encode("no\n"),
        [pair("x-why", "no")],
        GrpcStatusValues.InvalidCode,
      );
      return FilterHeadersStatusValues.StopIteration;
    } else if (this.what == "trap") {
      throw new Error("as told");
    } else if (this.what == "reset") {
      close_stream(StreamTypeValues.Request);
      return FilterHeadersStatusValues.StopIteration;
    } else if (this.what == "wait") {
      this.root.held = this;
      set_tick_period_milliseconds(30);
      return FilterHeadersStatusValues.StopIteration;
    } else if (this.what == "hold") {
      return FilterHeadersStatusValues.StopIteration;
    } else if (this.what == "loop") {
      while (true) {}
    } else if (this.what == "tick") {
      set_tick_period_milliseconds(400);
    } else if (this.what == "source") {
      headers.add("x-source", getText("source.address").split(":")[0]);
    } else if (this.what.startsWith("call ")) {
      return this.call(this.what.substring(5));
    }
    return FilterHeadersStatusValues.Continue;
  }

  call(cluster: string): FilterHeadersStatusValues {
    const headers = [pair(":method", "POST"), pair(":path", "/ask"), pair(":authority", cluster)];
    const result = this.root_context.httpCall(
      cluster,
      headers,
      String.UTF8.encode("asked"),
      [],
      1000,
      this,
      (origin: BaseContext, headers: u32, body_size: usize, trailers: u32) => {
        stream_context.headers.request.add("x-called", stream_context.headers.http_callback.get(":status"));
        continue_request();
      },
    );
    if (result == 0) return FilterHeadersStatusValues.StopIteration;
    stream_context.headers.request.add("x-call-failed", result.toString());
    return FilterHeadersStatusValues.Continue;
  }

  onRequestBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    if (this.what != "everything") return FilterDataStatusValues.Continue;
    if (!end_of_stream) return FilterDataStatusValues.StopIterationAndBuffer;
    stream_context.body.request.replaceText(stream_context.body.request.text().toUpperCase());
    return FilterDataStatusValues.Continue;
  }

  onRequestTrailers(count: u32): FilterTrailersStatusValues {
    if (this.what == "trailers") stream_context.trailers.request.replace("x-end", "changed");
    return FilterTrailersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    if (this.what == "everything") {
      const headers = stream_context.headers.response;
      headers.replace(":status", "202");
      headers.remove("x-powered-by");
      headers.remove("content-length");
      headers.add("x-control", "a\tb");
    } else if (this.what == "reply late") {
      send_local_response(502, "replaced", String.UTF8.encode("not this"), [], GrpcStatusValues.InvalidCode);
    }
    return FilterHeadersStatusValues.Continue;
  }

  onResponseBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    if (this.what != "everything") return FilterDataStatusValues.Continue;
    if (!end_of_stream) return FilterDataStatusValues.StopIterationAndBuffer;
    stream_context.body.response.replaceText("short\n");
    return FilterDataStatusValues.Continue;
  }

  onResponseTrailers(count: u32): FilterTrailersStatusValues {
    if (this.what == "trailers") stream_context.trailers.response.add("x-added", "1");
    return FilterTrailersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new ChangesRoot(context_id), "changes");
