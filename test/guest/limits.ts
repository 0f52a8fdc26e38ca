// What clients and authors can make large, odd or wrong, by root_id.

export * from "filterwright/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  LogLevelValues,
  RootContext,
  getRandom,
  getText,
  log,
  registerContext,
  registerRootContext,
  set_property,
  stream_context,
} from "filterwright/assembly";

log(LogLevelValues.info, "the module starts");

// --- a text that grows letter by letter, from what a client sends ---

class Letters extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const value = stream_context.headers.request.get("x-long");
    let copy = "";
    for (let i = 0; i < value.length; i++) copy += value.charAt(i);
    stream_context.headers.request.replace("x-long", `${copy.length} ${copy == value}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Letters(context_id, root_context), "letters");

// --- one object for all streams ---

class SharedRoot extends RootContext {
  only: Shared | null = null;

  createContext(context_id: u32): Context {
    let only = this.only;
    if (only === null) this.only = only = new Shared(context_id, this);
    return only;
  }
}

class Shared extends Context {
  requests: i32 = 0;

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.requests++;
    stream_context.headers.request.add("x-request", `${this.requests}`);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add("x-seen", "yes");
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id) => new SharedRoot(context_id), "shared");

// --- names with dots, lines that are not there, more random bytes than the host gives at once ---

class Odd extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    set_property("my.own.key", String.UTF8.encode("kept"));
    headers.add("x-dots", getText("my.own.key"));
    const past = headers.length;
    headers.add("x-lines", `${headers.name(1000)}|${headers.value(-1)}|${headers.valueBytes(past + 5).byteLength}|`);
    const random = Uint8Array.wrap(getRandom(200_000));
    let zeros = 0;
    for (let i = random.length - 1000; i < random.length; i++) zeros += i32(random[i] == 0);
    headers.add("x-random", `${random.length} ${zeros < 100}`);
    return FilterHeadersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Odd(context_id, root_context), "odd");
