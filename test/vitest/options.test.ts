// What the test kit can be told, and what it refuses.
import { beforeAll, describe, expect, test } from "vitest";
import { Host, Proxy } from "../../src/host/index.ts";
import {
  type Filter,
  type FilterOptions,
  type FilterRequest,
  loadFilter,
  loadFilters,
} from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

const files: Record<string, string> = {};
beforeAll(async () => {
  for (const guest of ["kinds", "case-features", "two-plugins", "hungry"]) files[guest] = await compiledGuest(guest);
});

const load = (guest: string, rootId: string, options: FilterOptions = {}): Filter =>
  loadFilter(files[guest]!, { rootId, ...options });
const usage = (message: string) => expect.objectContaining({ code: "FW_USAGE", message }) as Error;

test("shared data and queues are those of a vm_id", () => {
  const filter = load("kinds", "tick", { vmId: "vm" });
  filter.setSharedData("ticks", "41");
  filter.advance(20);
  expect([filter.sharedData, filter.host.shared.entries("")]).toEqual([{ ticks: "42" }, {}]);
  const queue = load("kinds", "queue", { vmId: "vm" });
  queue.enqueue("jobs", "one");
  expect(queue).toHaveLogged("job one");
});

test("several filters in one VM make a chain, which responses pass from its end", () => {
  const module = files["two-plugins"]!;
  const filter = loadFilters([
    { module, rootId: "one", config: "first", vmId: "vm" },
    { module, rootId: "two", config: "second", vmId: "vm" },
  ]);
  expect(filter.send().response).toHaveHeader("x-seen", ["two second 1", "one first 1"]);
  expect(filter.send().response).toHaveHeader("x-seen", ["two second 2", "one first 2"]);
  const [one, two] = filter.plugins;
  expect([filter.plugin === one, one!.context.vm === two!.context.vm]).toEqual([true, true]);
});

test("filters of several modules are in one host", () => {
  const filter = loadFilters([{ module: "add-header" }, { module: files["kinds"]!, rootId: "ends" }]);
  expect(filter.send().response).toHaveHeader("hello", "world!");
  filter.end();
  expect(filter.logs.map(({ message }) => message)).toEqual([
    "log 200 200",
    "done",
    "delete",
    "root done",
    "root delete",
  ]);
});

describe("properties of a request", () => {
  const attributes = (properties: FilterOptions["properties"], request: FilterRequest) =>
    load("kinds", "ask", { properties })
      .send(request)
      .request?.headers.find(([name]) => name === "x-attributes")?.[1];

  test("are merged over those of the filter", () => {
    const properties = { request: { method: "PATCH", path: "/of/the/filter" } };
    expect([
      attributes(properties, {}),
      attributes(properties, { properties: { request: { path: "/mine" } } }),
      attributes(undefined, { path: "/sent", properties: { request: { method: "MINE" } } }),
    ]).toEqual(["PATCH /of/the/filter 0", "PATCH /mine 0", "MINE /sent 0"]);
  });

  test("a source takes the place of what the filter was told", () => {
    const client = (request: FilterRequest) =>
      load("case-features", "case-features", { properties: { source: { address: "x" } } })
        .send(request)
        .request?.headers.find(([name]) => name === "x-source")?.[1];
    expect([
      client({}),
      client({ source: { address: "10.0.0.1", port: 80 } }),
      client({ source: { address: "10.0.0.1", port: 80 }, properties: { source: { address: "y" } } }),
    ]).toEqual(["x", "10.0.0.1:80", "y"]);
  });
});

test("what Envoy makes at random, and what it has room for", () => {
  const requestId = "11111111-1111-4111-8111-111111111111";
  expect(loadFilter("add-header", { requestId }).send().request).toHaveHeader("x-request-id", requestId);
  const exchange = load("kinds", "body", { bufferLimit: 4 }).send({ method: "POST", body: ["12", "345"] });
  expect(exchange).toHaveLocalReply(413, "yload Too Large 17 bytes");
  const hungry = load("hungry", "hungry", { maxMemory: 1_000_000 });
  expect(hungry.send()).toHaveLocalReply(503);
  expect(hungry.traps).toEqual(["proxy_on_request_headers trapped: unreachable"]);
  expect(hungry.plugin.memorySize).toBeLessThanOrEqual(1_000_000);
});

test("after how long a VM that trapped is replaced", () => {
  const filter = load("kinds", "trap", { failurePolicy: "FAIL_RELOAD", reloadBackoff: 10 });
  filter.advance(10);
  filter.send({ headers: { "x-trap": "1" } });
  expect(filter.send().response).toHaveStatus(200);
  filter.send({ headers: { "x-trap": "1" } });
  expect([filter.send().response?.status, filter.plugin.reloads]).toEqual([
    503,
    { success: 1, failure: 0, backoff: 1 },
  ]);
});

test("options may be undefined, as others hand them on", () => {
  const names = ["rootId", "config", "vmId", "now", "upstream", "clusters", "strict", "requestId", "bufferLimit"];
  const options: FilterOptions = Object.fromEntries(names.map((name) => [name, undefined]));
  const { request, response } = loadFilter("add-header", options).send({ path: undefined, source: undefined });
  expect([request?.path, response?.status]).toEqual(["/", 200]);
  const proxy = new Proxy(new Host({ now: undefined }), [], { upstream: {} });
  expect(proxy.send({}, { upstream: undefined }).response?.status).toBe(200);
});

test("a module is compiled once, whoever loads it", () => {
  const compiled = () => loadFilter("add-header").host["modules" as never];
  expect(compiled()).toBe(compiled());
});

test("what makes no sense is refused", () => {
  const filter = loadFilter("add-header");
  const level = "trace, debug, info, warn, error, critical, off";
  for (const time of [0.5, Infinity, -1, NaN]) {
    expect(() => filter.advance(time)).toThrow(usage(`expected whole milliseconds, 0 or more, found ${time}`));
  }
  expect(() => loadFilter("add-header", { now: new Date("x") })).toThrow(
    usage("expected a date as `now`, found an invalid one"),
  );
  expect(() => loadFilter("add-header", { logLevel: "warning" as "warn" })).toThrow(
    usage(`expected a log level, ${level}, found warning`),
  );
  expect(() => loadFilter("add-header", { strict: ["proxy_logg"] })).toThrow(
    usage('expected a host call that Envoy has in strict, found "proxy_logg": did you mean proxy_log?'),
  );
  expect(() => loadFilter("add-header", { capabilities: ["proxy_on_request_header"] })).toThrow(
    usage(
      'expected a capability that Envoy has, found "proxy_on_request_header": did you mean proxy_on_request_headers?',
    ),
  );
  expect(() => new Proxy(new Host(), [filter.plugin])).toThrow(
    usage("expected plugins that this host has loaded, found one of another"),
  );
  expect(() => new Host().openStream([filter.plugin])).toThrow(
    usage("expected plugins that this host has loaded, found one of another"),
  );
  filter.end();
  expect(() => filter.send()).toThrow(usage("the filter has ended: it gets no more requests"));
});

test("with strict, a call that is not named is an error", () => {
  const found = (strict: string[]) => () => loadFilter("add-header", { strict }).send();
  const unexpected = (message: string) => expect.objectContaining({ code: "FW_UNEXPECTED_CALL", message }) as Error;
  const first = 'found proxy_get_property("plugin_root_id") -> Ok "add-header"';
  expect(found([])).toThrow(unexpected(`expected no host call, ${first}`));
  expect(found(["proxy_log"])).toThrow(unexpected(`expected no host call but proxy_log, ${first}`));
});
