// The deciding job (bench/lua/decide.lua) on the class API, line for line.

export * from "filterwright/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  registerRootContext,
  stream_context,
} from "filterwright/assembly";

class Stream extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    const host = upTo(headers.get(":authority"), ":");
    if (!host.endsWith(".example.com") || host.length == 12) return FilterHeadersStatusValues.Continue;
    const path = upTo(headers.get(":path"), "?");
    if (path != "/api" && !path.startsWith("/api/")) return FilterHeadersStatusValues.Continue;

    for (let i = headers.length - 1; i >= 0; i--) {
      const name = headers.name(i);
      if (name.startsWith("x-internal-")) headers.remove(name);
    }

    headers.replace("x-tenant", "tenant-" + headers.get("x-user"));

    const forwarded = headers.get("x-forwarded-for");
    headers.replace("x-forwarded-for", forwarded == "" ? "10.0.0.1" : forwarded + ", 10.0.0.1");

    if (headers.has("x-tags")) headers.replace("x-tags", unique(headers.get("x-tags").split(",")).join(", "));
    return FilterHeadersStatusValues.Continue;
  }
}

function upTo(text: string, end: string): string {
  const at = text.indexOf(end);
  return at < 0 ? text : text.substring(0, at);
}

function unique(elements: string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i].trim();
    if (element != "" && !kept.includes(element)) kept.push(element);
  }
  return kept;
}

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "demo");
