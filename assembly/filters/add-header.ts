// Adds headers to requests and responses. Its configuration, each part of it optional:
//
//     {"request": {"x-demo-request": "hello"}, "response": {"set-cookie": ["a=1", "b=2"]}}
//
// A list gives one line for each value. Without a configuration: `hello: world!` on responses.

export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { HeaderLines, readHeaders } from "filterwright/assembly/http/header";
import { JsonReader, accept } from "filterwright/assembly/json";

class AddHeaderRoot extends RootContext {
  readonly request: HeaderLines = new HeaderLines();
  readonly response: HeaderLines = new HeaderLines();

  onConfigure(size: u32): bool {
    if (size == 0) {
      this.response.add("hello", "world!");
      return true;
    }
    const json = new JsonReader(this.getConfigurationBytes());
    json.object();
    while (json.nextKey()) {
      if (json.key == "request") readHeaders(json, this.request);
      else if (json.key == "response") readHeaders(json, this.response);
      else json.failUnknownKey("request or response");
    }
    return accept(json);
  }

  createContext(context_id: u32): Context {
    return new AddHeader(context_id, this);
  }
}

class AddHeader extends Context {
  constructor(
    context_id: u32,
    private root: AddHeaderRoot,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    let line = this.root.request.first;
    while (line !== null) {
      stream_context.headers.request.add(line.name, line.value);
      line = line.next;
    }
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    let line = this.root.response.first;
    while (line !== null) {
      stream_context.headers.response.add(line.name, line.value);
      line = line.next;
    }
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new AddHeaderRoot(context_id), "add-header");
