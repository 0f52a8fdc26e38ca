import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import { lacks, type Pair } from "./pairs.ts";

// What Envoy's connection manager and router do around the filters, with the configuration of
// envoy/envoy.yaml: what a client sends is not yet what a filter sees, and what a filter lets pass is not yet what the upstream
// gets. Seen on Envoy 1.40; test/host/equal.test.ts and edge.test.ts hold it against a running one.

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

/** What the connection manager takes away: it believes them of a client that it trusts only. */
const UNTRUSTED = new Set(["x-envoy-internal", "x-envoy-force-trace", "x-envoy-ip-tags", "x-forwarded-client-cert"]);

/** The request as the first filter gets it. @param requestId what Envoy makes at random */
export function requestFromClient(request: WireRequest, requestId: string): Pair[] {
  const { method, headers } = request;
  const proto = headers.find(([name]) => name.toLowerCase() === "x-forwarded-proto")?.[1] ?? "";
  const { authority, path, scheme = proto }: Target = targetOf(request) ?? request;
  const pseudo: Pair[] = [
    [":authority", authority],
    [":path", path],
    [":method", method],
    [":scheme", /^https$/i.test(scheme) ? "https" : "http"],
  ];
  const added: Pair[] = [
    ["x-forwarded-proto", "http"],
    ["x-request-id", requestId],
  ];
  const kept = headers.filter((line) => !isTakenAway(line));
  return [...pseudo, ...kept, ...added.filter(([name]) => lacks(headers, name))];
}

function isTakenAway([name, value]: Pair): boolean {
  const key = name.toLowerCase();
  if (key === "te") return !/(^|,)\s*trailers\s*($|[,;])/i.test(value);
  if (key === "expect") return value.toLowerCase() === "100-continue"; // Envoy answers it by itself
  const isForRouter = FOR_ROUTER.has(key) || key === "x-envoy-expected-rq-timeout-ms";
  return HOP_BY_HOP.has(key) || UNTRUSTED.has(key) || isForRouter;
}

/** RFC 9112 §3.2. The host and the scheme of a target that is a URL are the request's. */
interface Target {
  authority: ByteString;
  path: ByteString;
  scheme?: ByteString;
}

/** @returns undefined for a target that is neither a path nor a URL, nor `*` for OPTIONS */
function targetOf({ method, path, authority }: WireRequest): Target | undefined {
  if (path.startsWith("/") || (path === "*" && method === "OPTIONS")) return { authority, path };
  const url = /^(https?):\/\/(?:[^/?#@]*@)?((?:\[[^\]]*\]|[^/?#@:[]+)(?::\d+)?)($|[/?].*)/i.exec(path);
  return url ? { authority: url[2]!, path: url[3]! || "/", scheme: url[1]! } : undefined;
}

/** What is answered with 400 before any filter sees it. @returns the answer; undefined for a request that is let in */
export function refuseRequest(request: WireRequest): LocalReply | undefined {
  const path = targetOf(request)?.path;
  // The codec's own parser, and then the connection manager.
  if (path === undefined || /[^\x21-\x7e]/.test(path)) return reply(400, "http1.codec_error", "Bad Request");
  return path.includes("#") ? reply(400, "path_normalization_failed", "") : undefined;
}

/** Whether the client wants the connection to end with the response. */
export function wantsClose({ headers }: WireRequest): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === "connection" && /(^|,)\s*close\s*($|,)/i.test(value));
}

/** Headers by which a filter, or a trusted client, tells the router something; it takes them away. */
const FOR_ROUTER: ReadonlySet<string> = new Set([
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
]);
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

/** The upstream's response as the last filter gets it. @param milliseconds that the upstream took; undefined where it did not wait for the request's end */
export function responseFromUpstream(
  status: number,
  headers: readonly Pair[],
  milliseconds: number | undefined,
): Pair[] {
  const lines: Pair[] = headers.filter(([name]) => name.toLowerCase() !== "keep-alive");
  const time: Pair = ["x-envoy-upstream-service-time", String(milliseconds)];
  const at = lines.findIndex(([name]) => name.toLowerCase() === time[0]);
  if (milliseconds !== undefined) lines.splice(at < 0 ? lines.length : at, at < 0 ? 0 : 1, time);
  return [[":status", String(status)], ...lines];
}

/** What a filter may have written; but `keep-alive` it may write. */
const RESPONSE_HOP_BY_HOP = ["connection", "proxy-connection", "transfer-encoding", "upgrade"];

/**
 * What the connection manager makes of a response that has passed all filters.
 *
 * @param isLast the connection ends with it: the client asked for that, or the request was answered before its end
 */
export function finishResponse(response: HeaderMap, request: HeaderMap, date: string, isLast: boolean): void {
  for (const name of RESPONSE_HOP_BY_HOP) response.remove(name);
  if (response.get("date") === undefined) response.add("date", date);
  response.set("server", "envoy");
  const requestId = request.get("x-request-id");
  if (request.get("x-envoy-force-trace") !== undefined && requestId !== undefined)
    response.set("x-request-id", requestId);
  if (isLast) response.add("connection", "close");
}
