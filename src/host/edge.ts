import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Message } from "./message.ts";
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

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

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
  const kept = headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
  return [...pseudo, ...kept, ...added.filter(([name]) => lacks(headers, name))];
}

/** Headers by which a filter, or a trusted client, tells the router something; it takes them away. */
const FOR_ROUTER = [
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-max-retries",
  "x-envoy-retry-on",
  "x-envoy-retry-grpc-on",
  "x-envoy-upstream-alt-stat-name",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-retriable-status-codes",
  "x-envoy-retriable-header-names",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-upstream-stream-duration-ms",
];
/** Of Envoy's `CoreResponseFlag`, as `response.flags` has it. */
const NO_ROUTE_FOUND = 0x100;
const UPSTREAM_PROTOCOL_ERROR = 0x40000;
const ROUTE_TIMEOUT_MS = 15_000;

/** What the router makes of a request that has passed all filters. @returns its own answer, where it finds no route */
export function route(request: HeaderMap): LocalReply | undefined {
  const isRouted = request.get(":path")?.startsWith("/") && request.get("x-forwarded-proto") !== undefined;
  if (!isRouted) return { ...reply(404, "route_not_found", ""), flags: NO_ROUTE_FOUND };
  const timeout = number(request.get("x-envoy-upstream-rq-timeout-ms")) ?? ROUTE_TIMEOUT_MS;
  const perTry = number(request.get("x-envoy-upstream-rq-per-try-timeout-ms")) ?? 0;
  const expected = perTry === 0 || (perTry >= timeout && timeout !== 0) ? timeout : perTry;
  for (const name of FOR_ROUTER) request.remove(name);
  if (expected > 0) request.set("x-envoy-expected-rq-timeout-ms", String(expected));
  const scheme = [request.get(":scheme"), request.get("x-forwarded-proto"), "http"].find((text) =>
    /^https?$/i.test(text ?? ""),
  );
  request.set(":scheme", scheme!);
  const fault = faultOf(request);
  if (fault === undefined) return undefined;
  const details = `filter_removed_required_request_headers{${fault.replace(/\s/g, "_")}}`;
  return { ...reply(503, details, fault), flags: UPSTREAM_PROTOCOL_ERROR };
}

const NAME = /^:?[\w!#$%&'*+.^`|~-]+$|^$/;
const BAD_VALUE = /[\0-\x08\n-\x1f\x7f]/;

/** What the codec does not send to an upstream. @returns why, as Envoy's answer says it */
export function faultOf(request: HeaderMap): string | undefined {
  const isThere = (name: string) => request.get(name) !== undefined;
  if (!isThere(":method")) return "missing required header: :method";
  if (request.get(":method") === "CONNECT" && !isThere(":authority")) return "missing required header: :authority";
  if (request.get(":method") === "CONNECT" && !isThere(":protocol")) return "missing required header: :protocol";
  const bad = request.pairs().find(([name, value]) => !NAME.test(name) || BAD_VALUE.test(value));
  return bad && `invalid header ${NAME.test(bad[0]) ? "value for" : "name"}: ${JSON.stringify(bad[0]).slice(1, -1)}`;
}

/** A response that has passed all filters must have a status. @returns Envoy's answer in the place of one that has none */
export function checkResponse(response: HeaderMap): LocalReply | undefined {
  if (/^\s*\+?\d+\s*$/.test(response.get(":status") ?? "")) return undefined;
  const fault = "missing required header: :status";
  return reply(502, `filter_removed_required_response_headers{${fault.replaceAll(" ", "_")}}`, fault);
}

const number = (text: ByteString | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

export const reply = (status: number, details: string, body: string): LocalReply => ({
  status,
  details,
  body,
  headers: [],
  grpcStatus: undefined,
});

/** The lines as a peer reads them. Of pseudo-headers Envoy looks at no more than the first letter. */
function onWire(pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(([name, value]) => {
    if (name.startsWith(":") && !name.startsWith(":a")) return [];
    return asRead([name.startsWith(":") ? "host" : name, value]);
  });
}

/** Envoy does not look for colons and line breaks in a response, nor in trailers: one line may become several. */
function asRead([name, value]: Pair): Pair[] {
  return `${name}: ${value}`.split("\r\n").map((line) => {
    const [, left = line, right = ""] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    return [left, right.replace(/^[ \t]+|[ \t]+$/g, "")];
  });
}

/** Of these a request without a body does not say so. */
const BODILESS = new Set(["GET", "HEAD", "DELETE", "TRACE", "CONNECT"]);

/** The request's lines as HTTP/1.1 has them. @param isOnly nothing comes behind them */
export function requestOnWire(request: readonly Pair[], isOnly: boolean): Pair[] {
  const lines = onWire(request);
  if (!isOnly) return [...lines, ...chunked(lines, true)];
  const method = request.find(([name]) => name === ":method")?.[1] ?? "";
  const saysNothing = BODILESS.has(method) || !lacks(lines, "content-length");
  return saysNothing ? lines : [...lines, ["content-length", "0"]];
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

/** Of a response all but `keep-alive`, which Envoy leaves in it. */
const RESPONSE_HOP_BY_HOP = ["connection", "proxy-connection", "transfer-encoding", "upgrade"];

/**
 * What the connection manager makes of a response that has passed all filters.
 *
 * @param isRequestWhole false where the request was answered before its end: the connection is of no use then
 */
export function finishResponse(response: HeaderMap, request: HeaderMap, date: string, isRequestWhole: boolean): void {
  for (const name of RESPONSE_HOP_BY_HOP) response.remove(name);
  if (response.get("date") === undefined) response.add("date", date);
  response.set("server", "envoy");
  const requestId = request.get("x-request-id");
  if (request.get("x-envoy-force-trace") !== undefined && requestId !== undefined)
    response.set("x-request-id", requestId);
  if (!isRequestWhole) response.add("connection", "close");
}

/** The response's lines as HTTP/1.1 has them. @param isOnly nothing comes behind them @param isHead it answers a HEAD */
export function responseOnWire(response: readonly Pair[], isOnly: boolean, isHead: boolean): Pair[] {
  const status = Number(response.find(([name]) => name === ":status")?.[1] ?? 0);
  const lines = onWire(response);
  if (status < 200 || status === 204 || status === 304) return lines;
  if (isOnly && !isHead) return lacks(lines, "content-length") ? [...lines, ["content-length", "0"]] : lines;
  return [...lines, ...chunked(lines, true)];
}

/** A body of unknown length comes in chunks. */
function chunked(lines: readonly Pair[], isChunked: boolean): Pair[] {
  return isChunked && lacks(lines, "content-length") ? [["transfer-encoding", "chunked"]] : [];
}

/** A body as a peer reads it, who believes `content-length`. @returns undefined where it did not come to its end */
export function bodyOnWire(
  lines: readonly Pair[],
  { body, trailers, isComplete }: Pick<Message, "body" | "trailers" | "isComplete">,
): { body: ByteString; trailers: Pair[] } | undefined {
  const length = lines.find(([name]) => name === "content-length")?.[1];
  if (length === undefined) return isComplete ? { body, trailers: (trailers ?? []).flatMap(asRead) } : undefined;
  const size = /^\d+$/.test(length) ? Number(length) : Infinity;
  return body.length < size ? undefined : { body: body.slice(0, size), trailers: [] };
}
