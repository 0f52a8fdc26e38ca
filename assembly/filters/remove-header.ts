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
import { readHeaderNames } from "filterwright/assembly/http/header";
import { JsonReader, accept } from "filterwright/assembly/json";

class RemoveHeaderRoot extends RootContext {
  request: string[] = [];
  response: string[] = [];

  onConfigure(size: u32): bool {
    const json =
      size > 0
        ? JsonReader.fromBytes(this.getConfigurationBytes())
        : JsonReader.fromString('{"response": ["x-powered-by"]}');
    json.object();
    while (json.nextKey()) {
      if (json.key == "request") this.request = readHeaderNames(json);
      else if (json.key == "response") this.response = readHeaderNames(json);
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
    const names = this.root.request;
    for (let i = 0; i < names.length; i++) stream_context.headers.request.remove(names[i]);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const names = this.root.response;
    for (let i = 0; i < names.length; i++) stream_context.headers.response.remove(names[i]);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new RemoveHeaderRoot(context_id), "remove-header");
