import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Message } from "./http-stream.ts";
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

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

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
  const kept = headers.filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase()));
  return [...pseudo, ...kept, ...added.filter(([name]) => lacks(headers, name))];
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

/** The upstream's response as the last filter gets it. @param milliseconds that the upstream took; undefined where it did not wait for the request's end */
export function responseFromUpstream(
  status: number,
  headers: readonly Pair[],
  milliseconds: number | undefined,
): Pair[] {
  const time: Pair[] = milliseconds === undefined ? [] : [["x-envoy-upstream-service-time", String(milliseconds)]];
  return [[":status", String(status)], ...headers, ...time];
}

/**
 * What the connection manager makes of a response that has passed all filters.
 *
 * @param isRequestWhole false where the request was answered before its end: the connection is of no use then
 */
export function finishResponse(response: HeaderMap, date: string, isRequestWhole: boolean): void {
  for (const name of HOP_BY_HOP) response.remove(name);
  if (response.get("date") === undefined) response.add("date", date);
  response.set("server", "envoy");
  if (!isRequestWhole) response.add("connection", "close");
}

/** The response's lines as HTTP/1.1 has them. @param isOnly nothing comes behind them @param isHead it answers a HEAD */
export function responseOnWire(response: readonly Pair[], isOnly: boolean, isHead: boolean): Pair[] {
  const status = Number(response.find(([name]) => name === ":status")?.[1] ?? 0);
  const lines = response.filter(([name]) => !name.startsWith(":"));
  if (status < 200 || status === 204) return lines;
  if (isOnly && !isHead)
    return lacks(lines, "content-length") && status !== 304 ? [...lines, ["content-length", "0"]] : lines;
  return [...lines, ...chunked(lines, true)];
}

/** A body of unknown length comes in chunks. */
function chunked(lines: readonly Pair[], isChunked: boolean): Pair[] {
  return isChunked && lacks(lines, "content-length") ? [["transfer-encoding", "chunked"]] : [];
}

/** A body as a peer reads it, who believes `content-length`. @returns undefined where it did not come to its end */
export function bodyOnWire(
  lines: readonly Pair[],
  { body, trailers = [], isComplete }: Pick<Message, "body" | "trailers" | "isComplete">,
): { body: ByteString; trailers: Pair[] } | undefined {
  const length = lines.find(([name]) => name === "content-length")?.[1];
  if (length === undefined) return isComplete ? { body, trailers } : undefined;
  return body.length < Number(length) ? undefined : { body: body.slice(0, Number(length)), trailers: [] };
}
