// Removes headers, all their lines, from requests and responses. Its configuration, each part of it optional:
//
//     {"request": ["x-internal"], "response": ["x-powered-by"]}
//
// Without a configuration: `x-powered-by` from responses.

export * from "@solo-io/proxy-runtime/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "@solo-io/proxy-runtime";
import { HeaderLines, readHeaderNames } from "filterwright/assembly/http/header";
import { JsonReader, accept } from "filterwright/assembly/json";

class RemoveHeaderRoot extends RootContext {
  readonly request: HeaderLines = new HeaderLines();
  readonly response: HeaderLines = new HeaderLines();

  onConfigure(size: u32): bool {
    if (size == 0) {
      this.response.add("x-powered-by", "");
      return true;
    }
    const json = new JsonReader(this.getConfigurationBytes());
    json.object();
    while (json.nextKey()) {
      if (json.key == "request") readHeaderNames(json, this.request);
      else if (json.key == "response") readHeaderNames(json, this.response);
      else json.failUnknownKey("request or response");
    }
    return accept(json);
  }

  createContext(context_id: u32): Context {
    return new RemoveHeader(context_id, this);
  }
}

class RemoveHeader extends Context {
  constructor(
    context_id: u32,
    private root: RemoveHeaderRoot,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    let line = this.root.request.first;
    while (line !== null) {
      stream_context.headers.request.remove(line.name);
      line = line.next;
    }
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    let line = this.root.response.first;
    while (line !== null) {
      stream_context.headers.response.remove(line.name);
      line = line.next;
    }
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new RemoveHeaderRoot(context_id), "remove-header");
