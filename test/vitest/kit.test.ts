// The test kit: what docs/testing.md does not show.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadFilter, type Filter, type FilterOptions } from "../../src/vitest/index.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";

const files: Record<string, string> = {};
beforeAll(async () => {
  for (const guest of ["kinds", "roles", "case-features"]) files[guest] = await compiledGuest(guest);
});

const load = (guest: string, rootId: string, options: FilterOptions = {}): Filter =>
  loadFilter(files[guest]!, { rootId, ...options });

describe("gRPC calls of a filter, which see what they see on a real Envoy (test/e2e/roles.test.ts):", () => {
  const begin = (method: string) => {
    const filter = load("roles", "grpc", { clusters: ["grpc_server"] });
    const exchange = filter.send({ headers: { "x-method": method } });
    const [call] = filter.grpcCalls;
    return { filter, exchange, call: call! };
  };

  test("a call is answered", () => {
    const { filter, exchange, call } = begin("Unary");
    expect(call).toMatchObject({ cluster: "grpc_server", service: "test.Echo", method: "Unary", messages: ["hello"] });
    expect([call.metadata, call.timeout, call.kind, call.token]).toEqual([[["x-sent", "metadata"]], 1000, "call", 5]);
    call.respond("hello!");
    expect(exchange.request).toHaveHeader("x-grpc", "hello! 0");
    expect(filter.grpcCalls).toEqual([]);
  });

  test("a call fails, or takes too long", () => {
    const { exchange, call } = begin("Fails");
    call.close(5, "nothing here");
    expect(exchange.request).toHaveHeader("x-grpc", "5 nothing here");
    const late = begin("Late");
    late.filter.advance(1000);
    expect(late.exchange.request).toHaveHeader("x-grpc", "4");
  });

  test("a stream goes both ways", () => {
    const { exchange, call } = begin("Stream");
    expect([call.messages, call.state, call.token]).toEqual([["one", "two"], "closed", 6]);
    call.sendInitialMetadata([["x-initial", "open"]]);
    for (const message of call.messages) call.respond(`${message}?`);
    call.sendTrailingMetadata([["x-trailing", "closed"]]);
    call.close(0, "OK");
    expect(exchange.request).toHaveHeader("x-grpc", "open one? two? closed 0 OK");
  });
});

test("properties are of the types that Envoy gives them", () => {
  const properties = { source: { address: "a" }, request: { method: "GET", path: "/x" }, destination: { port: 8080 } };
  const { request } = load("kinds", "ask", { properties }).send();
  expect(request).toHaveHeader("x-attributes", "GET /x 0");
  expect(request).toHaveHeader("x-port", "true");
});

test("the environment, and the last metrics", () => {
  const filter = load("kinds", "ask", { environment: { GREETING: "good day" } });
  expect(filter.send().request).toHaveHeader("x-environment", "good day true");
  expect([filter.metrics, filter.histograms]).toEqual([{ "ask.requests": 2, "ask.level": 4 }, { "ask.size": [5] }]);
});

test("what a trap does is what the failure policy says, and after a second there is a new VM", () => {
  const outcomes = (failurePolicy: FilterOptions["failurePolicy"] & string) => {
    const filter = load("kinds", "trap", { failurePolicy });
    filter.advance(1000);
    const first = filter.send({ headers: { "x-trap": "1" } }).response?.status;
    const second = filter.send().response?.status;
    filter.advance(1000);
    return [first, second, filter.send().response?.status, filter.host.traps.length];
  };
  expect(outcomes("FAIL_CLOSED")).toEqual([503, 503, 503, 1]);
  expect(outcomes("FAIL_OPEN")).toEqual([503, 200, 200, 1]);
  expect(outcomes("FAIL_RELOAD")).toEqual([503, 200, 200, 1]);
});

test("an upstream that was told nothing waits for the test to answer, and a client may go away", () => {
  const filter = load("case-features", "case-features", { upstream: "none", properties: { source: { address: "x" } } });
  const exchange = filter.send();
  expect([exchange.request?.path, exchange.response]).toEqual(["/", undefined]);
  exchange.respond({ status: 418, body: [new Uint8Array([0xff]), "é"] });
  expect(exchange.response).toMatchObject({ status: 418, bytes: new Uint8Array([0xff, 0xc3, 0xa9]) });

  const gone = filter.send();
  gone.abort();
  expect([gone.isReset, gone.response, gone.trace.at(-1)]).toEqual([true, undefined, "proxy_on_delete(3)"]);
});

test("a filter that ends says so", () => {
  const filter = load("kinds", "ends");
  filter.end();
  expect(filter).toHaveLogged("root delete", "warn");
});

test("a module may come as bytes, and one that is not there is named", () => {
  const wasm = readFileSync(join(projectRoot, "build/add-header.wasm"));
  expect(loadFilter(wasm, { rootId: "add-header" }).send().response).toHaveHeader("hello", "world!");
  expect(() => loadFilter("no-such")).toThrow(
    expect.objectContaining({
      code: "FW_ENVOY_MODULE_MISSING",
      message: "expected a module at build/no-such.wasm, found none",
    }),
  );
});

describe("a matcher that fails says what there was:", () => {
  const exchange = () => loadFilter("add-header").send({ headers: { "x-a": ["1", "2"] } }, { body: "text" });
  const messageOf = (check: () => void): string => {
    try {
      check();
    } catch (error) {
      return (error as Error).message;
    }
    return "it did not fail";
  };

  test.for<[string, () => void, string]>([
    [
      "headers",
      () => expect(exchange().request).toHaveHeader("x-a", "1"),
      'expected the header x-a with "1", or none such, found "1", "2"',
    ],
    [
      "missing headers, and those that there are",
      () => expect(exchange().response).toHaveHeader("x-none"),
      `expected the header x-none, or none such, found none; there are ${[
        "",
        "x-envoy-upstream-service-time: 0",
        "hello: world!",
        "date: Thu, 01 Jan 2026 00:00:00 GMT",
        "server: envoy",
        "transfer-encoding: chunked",
      ].join("\n  ")}`,
    ],
    ["a status", () => expect(exchange().response).toHaveStatus(201), "expected the status 201, found 200"],
    ["a body", () => expect(exchange().response).toHaveBody(/^a/), "expected another body"],
    [
      "a local reply",
      () => expect(exchange()).toHaveLocalReply(403, "no"),
      'expected a local reply 403 no, found the upstream\'s response 200 "text"',
    ],
    ["a log", () => expect(exchange()).toHaveLogged("x"), 'expected a line of log  "x", found none'],
    [
      "host calls",
      () => expect(exchange()).toHaveCalled("proxy_log"),
      'expected the host call "proxy_log", found \n  proxy_add_header_map_value(ResponseHeaders, "hello", "world!") -> Ok',
    ],
    [
      "a metric",
      () => expect(load("kinds", "ask")).toHaveMetric("ask.requests", 1),
      "expected the metric ask.requests to be 1, found 0",
    ],
    ["what is held", () => expect(exchange()).toBeHeld(), 'found the upstream\'s response 200 "text"'],
  ])("%s", ([, check, message]) => {
    expect(messageOf(check)).toContain(message);
  });
});
