import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
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

/** What the router answers by itself in place of the upstream; undefined where it finds a route. */
export function routerReply(request: readonly Pair[]): LocalReply | undefined {
  const isRouted = [":path", ":authority", "x-forwarded-proto"].every((name) => !lacks(request, name));
  return isRouted
    ? undefined
    : { status: 404, details: "route_not_found", body: "", headers: [], grpcStatus: undefined };
}

/** The request as the router sends it: what the access log sees too. */
export function requestFromRouter(request: readonly Pair[]): Pair[] {
  return [...request, ["x-envoy-expected-rq-timeout-ms", "15000"]];
}

/** The request's lines as HTTP/1.1 has them. */
export function requestOnWire(request: readonly Pair[], hasBody: boolean): Pair[] {
  const authority = request.find(([name]) => name === ":authority")?.[1] ?? "";
  const lines = request.filter(([name]) => !name.startsWith(":"));
  return [["host", authority], ...lines, ...chunked(lines, hasBody)];
}

/** The upstream's response as the last filter gets it. @param milliseconds that the upstream took */
export function responseFromUpstream(status: number, headers: readonly Pair[], milliseconds: number): Pair[] {
  return [[":status", String(status)], ...headers, ["x-envoy-upstream-service-time", String(milliseconds)]];
}

const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/**
 * The response as the connection manager sends it: what the access log sees too.
 *
 * @param isRequestWhole false where the request was answered before its end: the connection is of no use then
 */
export function responseFromManager(response: readonly Pair[], date: string, isRequestWhole: boolean): Pair[] {
  const kept = response.filter(([name]) => !HOP_BY_HOP.has(name) && name !== "server");
  return [
    ...kept,
    ...(lacks(kept, "date") ? [["date", date] satisfies Pair] : []),
    ["server", "envoy"],
    ...(isRequestWhole ? [] : [["connection", "close"] satisfies Pair]),
  ];
}

/** The response's lines as HTTP/1.1 has them. */
export function responseOnWire(response: readonly Pair[], hasBody: boolean): Pair[] {
  const status = Number(response.find(([name]) => name === ":status")?.[1] ?? 0);
  const lines = response.filter(([name]) => !name.startsWith(":"));
  const isEmpty = !hasBody && lacks(lines, "content-length") && status >= 200 && status !== 204 && status !== 304;
  return [...lines, ...(isEmpty ? [["content-length", "0"] satisfies Pair] : []), ...chunked(lines, hasBody)];
}

/** A body of unknown length comes in chunks. */
function chunked(lines: readonly Pair[], hasBody: boolean): Pair[] {
  return hasBody && lacks(lines, "content-length") ? [["transfer-encoding", "chunked"]] : [];
}
