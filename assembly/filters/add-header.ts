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
import { Header, readHeaders } from "filterwright/assembly/http/header";
import { JsonReader, accept } from "filterwright/assembly/json";

class AddHeaderRoot extends RootContext {
  request: Header[] = [];
  response: Header[] = [];

  onConfigure(size: u32): bool {
    const json =
      size > 0
        ? JsonReader.fromBytes(this.getConfigurationBytes())
        : JsonReader.fromString('{"response": {"hello": "world!"}}');
    json.object();
    while (json.nextKey()) {
      if (json.key == "request") this.request = readHeaders(json);
      else if (json.key == "response") this.response = readHeaders(json);
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
    const headers = this.root.request;
    for (let i = 0; i < headers.length; i++) stream_context.headers.request.add(headers[i].name, headers[i].value);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = this.root.response;
    for (let i = 0; i < headers.length; i++) stream_context.headers.response.add(headers[i].name, headers[i].value);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id: u32) => new AddHeaderRoot(context_id), "add-header");
