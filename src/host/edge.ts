import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Pair } from "./pairs.ts";

// What Envoy's connection manager, router and HTTP/1.1 codec do around the filters, with the configuration of
// envoy/envoy.yaml: what a client sends is not yet what a filter sees, and what a filter lets pass is not yet what the upstream
// gets. Seen on Envoy 1.40; test/host/equal.test.ts holds it against a running one.

export interface WireRequest {
  method: string;
  path: ByteString;
  authority: ByteString;
  /** In the order of the wire, without `host`. */
  headers: readonly Pair[];
}

const lacks = (lines: readonly Pair[], name: string): boolean => !lines.some(([other]) => other.toLowerCase() === name);

/** The request as the first filter gets it. @param requestId what Envoy makes at random */
export function requestFromClient({ method, path, authority, headers }: WireRequest, requestId: string): Pair[] {
  const pseudo: Pair[] = [
    [":authority", authority],
    [":path", path],
    [":method", method],
    [":scheme", "http"],
  ];
  const added: Pair[] = [
    ["x-forwarded-proto", "http"],
    ["x-request-id", requestId],
  ];
  return [...pseudo, ...headers, ...added.filter(([name]) => lacks(headers, name))];
}

/** What the router makes of a request that has passed all filters. @returns its own answer, where it finds no route */
export function route(request: HeaderMap): LocalReply | undefined {
  const isRouted = [":path", ":authority", "x-forwarded-proto"].every((name) => request.get(name) !== undefined);
  if (!isRouted) return { status: 404, details: "route_not_found", body: "", headers: [], grpcStatus: undefined };
  request.add("x-envoy-expected-rq-timeout-ms", "15000");
  return undefined;
}

/** The request's lines as HTTP/1.1 has them. @param isChunked a body comes, or trailers */
export function requestOnWire(request: readonly Pair[], isChunked: boolean): Pair[] {
  const authority = request.find(([name]) => name === ":authority")?.[1] ?? "";
  const lines = request.filter(([name]) => !name.startsWith(":"));
  return [["host", authority], ...lines, ...chunked(lines, isChunked)];
}

/** The upstream's response as the last filter gets it. @param milliseconds that the upstream took */
export function responseFromUpstream(status: number, headers: readonly Pair[], milliseconds: number): Pair[] {
  return [[":status", String(status)], ...headers, ["x-envoy-upstream-service-time", String(milliseconds)]];
}

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/**
 * What the connection manager makes of a response that has passed all filters.
 *
 * @param isRequestWhole false where the request was answered before its end: the connection is of no use then
 */
export function finishResponse(response: HeaderMap, date: string, isRequestWhole: boolean): void {
  for (const name of HOP_BY_HOP) response.remove(name);
  if (response.get("date") === undefined) response.add("date", date);
  response.replace("server", "envoy");
  if (!isRequestWhole) response.add("connection", "close");
}

/** The response's lines as HTTP/1.1 has them. @param isChunked a body comes, or trailers */
export function responseOnWire(response: readonly Pair[], isChunked: boolean): Pair[] {
  const status = Number(response.find(([name]) => name === ":status")?.[1] ?? 0);
  const lines = response.filter(([name]) => !name.startsWith(":"));
  const isEmpty = !isChunked && lacks(lines, "content-length") && status >= 200 && status !== 204 && status !== 304;
  return [...lines, ...(isEmpty ? [["content-length", "0"] satisfies Pair] : []), ...chunked(lines, isChunked)];
}

/** A body of unknown length comes in chunks. */
function chunked(lines: readonly Pair[], isChunked: boolean): Pair[] {
  return isChunked && lacks(lines, "content-length") ? [["transfer-encoding", "chunked"]] : [];
}
