// What clients and upstreams send, and what connection manager and router make of it before and after the filters: on a real
// Envoy with no filter, and around no filter on the TypeScript host.
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HostSession } from "../../src/cases/host-session.ts";
import type { Case } from "../../src/cases/case-file.ts";
import { Backends } from "../../src/cases/open.ts";
import type { Backend, Exchange } from "../../src/cases/backend.ts";
import { requestFromClient } from "../../src/host/edge.ts";
import { NO_FILTER } from "../../src/envoy/swap.ts";
import type { HeaderLine } from "../../src/echo/exchange.ts";

type Message = { method?: string; path?: string; headers?: HeaderLine[] };

const lines = (...names: string[]): HeaderLine[] => names.map((name) => [name, "1"]);

const REQUESTS: Record<string, Message> = {
  "hop-by-hop headers": {
    headers: [
      ["connection", "close"],
      ["keep-alive", "timeout=5"],
      ["proxy-connection", "x"],
    ],
  },
  "te: gzip": { headers: [["te", "gzip"]] },
  "te: trailers": { headers: [["te", "trailers"]] },
  "x-forwarded-client-cert": { headers: lines("x-forwarded-client-cert") },
  "headers of a trusted client": {
    headers: lines("x-envoy-internal", "x-envoy-force-trace", "x-envoy-ip-tags", "x-envoy-downstream-service-cluster"),
  },
  "headers for the router": {
    headers: [
      ["x-envoy-max-retries", "1"],
      ["x-envoy-retry-on", "5xx"],
      ["x-envoy-retry-grpc-on", "cancelled"],
      ["x-envoy-upstream-rq-timeout-ms", "1000"],
      ["x-envoy-upstream-rq-per-try-timeout-ms", "500"],
      ["x-envoy-expected-rq-timeout-ms", "5"],
      ["x-envoy-hedge-on-per-try-timeout", "true"],
      ["x-envoy-upstream-alt-stat-name", "x"],
      ["x-envoy-upstream-rq-timeout-alt-response", "1"],
      ["x-envoy-retriable-status-codes", "500"],
      ["x-envoy-retriable-header-names", "x"],
      ["x-envoy-upstream-stream-duration-ms", "1"],
    ],
  },
  "other headers of Envoy's": {
    headers: lines(
      "x-envoy-original-path",
      "x-envoy-original-host",
      "x-envoy-attempt-count",
      "x-envoy-decorator-operation",
      "x-envoy-external-address",
      "x-envoy-peer-metadata",
      "x-envoy-is-timeout-retry",
      "x-envoy-downstream-service-node",
      "x-client-trace-id",
    ),
  },
  "addresses and request ids": {
    headers: [
      ["x-forwarded-for", "1.2.3.4"],
      ["x-request-id", "mine"],
      ["x-forwarded-host", "h"],
      ["x-forwarded-port", "1"],
      ["forwarded", "for=x"],
      ["via", "1.1 x"],
      ["x-b3-traceid", "1"],
      ["traceparent", "x"],
    ],
  },
  "x-forwarded-proto: https": { headers: [["x-forwarded-proto", "https"]] },
  "x-forwarded-proto: nonsense": { headers: [["x-forwarded-proto", "gopher"]] },
  "a path with a fragment": { path: "/a?b#c" },
  "a path with dots and slashes": { path: "/a/../b//c/%2e%2e/%2F" },
  "a path that is not ASCII": { path: "/\xc3\xa9" },
  "OPTIONS *": { method: "OPTIONS", path: "*" },
  "GET *": { path: "*" },
  "a URL": { path: "http://other/a?b" },
  "a URL of TLS": { path: "https://other:443/a" },
  "a URL of TLS, forwarded": { path: "https://other/a", headers: [["x-forwarded-proto", "https"]] },
  "a URL without a path": { path: "http://other" },
  "a URL with a query alone": { path: "http://other?a" },
  "a URL in upper case": { path: "HTTP://OTHER/A" },
  "a URL with a user": { path: "http://user@other/" },
  "a URL with a fragment": { path: "http://other/a#b" },
  "a URL of another scheme": { path: "ftp://other/a" },
  "a URL without a host": { path: "http:///a" },
  "a URL with a port that is none": { path: "http://other:x/a" },
  "a URL with a port": { path: "http://other:8080/" },
  "a URL with an empty port": { path: "http://other:/" },
  "a URL with an IPv6 address": { path: "http://[::1]:80/" },
  "a URL with a bracket": { path: "http://[::1/" },
  "a URL with two users": { path: "http://a@b@c/" },
  "a URL with a fragment alone": { path: "http://other#a" },
  "a host alone": { path: "other" },
  "a host and a port": { path: "other:80" },
  "an empty path with a query": { path: "?a" },
  "an unknown method": { method: "PURGE" },
  "a POST that says nothing of a body": { method: "POST" },
  cookies: {
    headers: [
      ["cookie", "a=1"],
      ["cookie", "b=2"],
    ],
  },
  "repeated names": {
    headers: [
      ["accept", "a"],
      ["accept", "b"],
      ["x-a", "1"],
      ["X-A", "2"],
      ["user-agent", "x"],
      ["user-agent", "y"],
    ],
  },
  "a name with an underscore": { headers: lines("x_a") },
  "blanks around a value": {
    headers: [
      ["x-a", " \t1 "],
      ["x-b", ""],
    ],
  },
};

const RESPONSES: Record<string, { status?: number; headers: HeaderLine[] }> = {
  "hop-by-hop headers": {
    headers: [
      ["keep-alive", "timeout=5"],
      ["proxy-connection", "x"],
      ["connection", "close"],
    ],
  },
  "x-envoy-upstream-service-time": { headers: [["x-envoy-upstream-service-time", "7000"]] },
  "server and date": {
    headers: [
      ["server", "nginx"],
      ["date", "Thu, 01 Jan 1970 00:00:00 GMT"],
    ],
  },
  "headers of Envoy's": {
    headers: lines(
      "x-envoy-upstream-canary",
      "x-envoy-immediate-health-check-fail",
      "x-envoy-ratelimited",
      "x-envoy-degraded",
      "x-envoy-decorator-operation",
      "x-envoy-attempt-count",
      "x-envoy-upstream-healthchecked-cluster",
      "x-envoy-overloaded",
      "x-request-id",
      "via",
    ),
  },
  "repeated names": {
    headers: [
      ["vary", "a"],
      ["vary", "b"],
      ["set-cookie", "a"],
      ["set-cookie", "b"],
      ["x-a", "1"],
      ["x-a", "2"],
    ],
  },
  "a redirect": { status: 302, headers: [["location", "/x"]] },
  "no content": { status: 204, headers: [] },
  "not modified": { status: 304, headers: [["etag", "x"]] },
  "an unknown status": { status: 299, headers: [] },
};

let envoy: Backend;
/** Has the header `:scheme`, which no upstream gets, in `x-scheme`. */
let telling: Backend;
const backends = new Backends();
const host = new HostSession();
beforeAll(async () => {
  const setup = { kind: "filter" as const, wasm: "", rootId: "", config: "", twins: {} };
  envoy = await backends.open({ path: "", setup, backends: [], cases: [] }, "native");
  const twins = { native: fileURLToPath(new URL("tell-scheme.yaml", import.meta.url)) };
  telling = await backends.open({ path: "telling", setup: { ...setup, twins }, backends: [], cases: [] }, "native");
  host.prepare({ plugins: [], clock: undefined });
  expect(NO_FILTER["@type"]).toContain("HeaderMutation"); // what a swappable Envoy begins with
});
afterAll(() => backends.close());

function caseOf({ method = "GET", path = "/", headers = [] }: Message, status = 200, answer: HeaderLine[] = []): Case {
  return {
    name: "",
    line: 0,
    config: undefined,
    clock: undefined,
    request: { method, path, authority: "example.com", headers, body: "" },
    upstream: { status, headers: answer, body: "" },
    expect: {},
  };
}

/** What came out at both ends; what no two runs share is masked. */
function outcome({ received, response }: Exchange) {
  const masked = (all: HeaderLine[]) =>
    all.map(([name, value]) => [
      name,
      name === "x-request-id" && value.length > 30
        ? "ID"
        : name === "date" && !value.includes("1970")
          ? "NOW"
          : name === "x-envoy-upstream-service-time" && value.length < 3
            ? "MS"
            : value,
    ]);
  return {
    request: received && { method: received.method, path: received.path, headers: masked(received.headers) },
    response: { status: response.status, headers: masked(response.headers) },
  };
}

const onHost = (testCase: Case) => {
  try {
    return outcome(host.exchange(testCase));
  } catch (error) {
    return String(error);
  }
};

test.for(Object.keys(REQUESTS))("of a request: %s", async (name) => {
  const testCase = caseOf(REQUESTS[name]!);
  expect(onHost(testCase)).toEqual(outcome(await envoy.exchange(testCase)));
});

test.for(Object.keys(RESPONSES))("of a response: %s", async (name) => {
  const { status, headers } = RESPONSES[name]!;
  const testCase = caseOf({}, status, headers);
  expect(onHost(testCase)).toEqual(outcome(await envoy.exchange(testCase)));
});

// The last ones: their filter stays in the Envoy that all share.
test.for([
  ["/", "https"],
  ["https://other/", undefined],
  ["https://other/", "http"],
  ["HTTPS://other/", "http"],
  ["http://other/", "https"],
] as const)("the scheme of a request for %s with x-forwarded-proto: %s", async ([path, proto]) => {
  const testCase = caseOf({ path, headers: proto === undefined ? [] : [["x-forwarded-proto", proto]] });
  await telling.prepare(testCase);
  const { received } = await telling.exchange(testCase);
  const told = received!.headers.find(([name]) => name === "x-scheme")![1];
  const [, scheme] = requestFromClient(testCase.request, "").find(([name]) => name === ":scheme")!;
  expect(scheme).toBe(told);
});
