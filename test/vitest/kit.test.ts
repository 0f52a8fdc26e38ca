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
    expect([call.metadata, call.timeout, call.kind, call.host.token]).toEqual([
      [["x-sent", "metadata"]],
      1000,
      "call",
      5,
    ]);
    call.respond("hello, 世界");
    expect(exchange.request).toHaveHeader("x-grpc", "hello, 世界 0");
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
    expect(call.bytes).toEqual([new TextEncoder().encode("one"), new TextEncoder().encode("two")]);
    expect([call.messages, call.state, call.host.token]).toEqual([["one", "two"], "closed", 6]);
    call.sendInitialMetadata({ "x-initial": "öffnet" });
    for (const message of call.bytes) call.respond(new Uint8Array([...message, 0x3f]));
    call.sendTrailingMetadata([["x-trailing", "schließt"]]);
    call.close(0, "Ω");
    expect(exchange.request).toHaveHeader("x-grpc", "öffnet one? two? schließt 0 Ω");
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
    return [first, second, filter.send().response?.status, filter.traps];
  };
  const traps = ["proxy_on_request_headers trapped: unreachable"];
  expect(outcomes("FAIL_CLOSED")).toEqual([503, 503, 503, traps]);
  expect(outcomes("FAIL_OPEN")).toEqual([503, 200, 200, traps]);
  expect(outcomes("FAIL_RELOAD")).toEqual([503, 200, 200, traps]);
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
      code: "FW_MODULE",
      message: "expected a module at build/no-such.wasm, found none: build it first, filterwright build",
    }),
  );
});
