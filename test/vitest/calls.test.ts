// Calls, shared data and queues as the test kit shows them: texts, with their bytes beside them.
import { beforeAll, expect, test } from "vitest";
import { Host, Proxy, toBytes } from "../../src/host/index.ts";
import { type HttpCall, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

let kinds: string;
beforeAll(async () => {
  kinds = await compiledGuest("kinds");
});

test("an HTTP call is a request in text, and is answered in text or bytes", () => {
  const made: HttpCall[] = [];
  const filter = loadFilter(kinds, { rootId: "auth", onHttpCall: (call) => void made.push(call) });
  const exchange = filter.send({ headers: { "x-token": "gültig" } });
  expect(filter.httpCalls).toEqual(made);
  const [call] = made;
  expect({ ...call, host: undefined }).toEqual({
    host: undefined,
    cluster: "upstream",
    timeout: 1000,
    method: "GET",
    path: "/auth",
    authority: "auth",
    headers: [["x-token", "gültig"]],
    body: "",
    trailers: [],
    bytes: new Uint8Array(),
  });
  expect(call).toHaveHeader("x-token", "gültig");
  call!.respond({ headers: { "x-a": ["1", "2"] }, body: ["größer, ", new TextEncoder().encode("世界")] });
  expect(exchange.request).toHaveHeader("x-auth-body", "größer, 世界");
  expect([call!.isPending, filter.httpCalls]).toEqual([false, []]);
});

test("an HTTP call that fails, or whose time is up", () => {
  const denied = (happens: (call: HttpCall) => void) =>
    loadFilter(kinds, { rootId: "auth", onHttpCall: happens }).send().response?.headers[0];
  expect([denied((call) => call.fail()), denied((call) => call.timeOut())]).toEqual([
    ["x-denied", ""],
    ["x-denied", "504"],
  ]);
});

test("shared data are texts or bytes", () => {
  const filter = loadFilter(kinds, { rootId: "tick" });
  filter.setSharedData("ticks", new TextEncoder().encode("41"));
  filter.setSharedData("größe", "µ");
  filter.advance(20);
  expect(filter.sharedData).toEqual({ ticks: "42", größe: "µ" });
  expect([filter.sharedBytes("größe"), filter.sharedBytes("none")]).toEqual([new Uint8Array([0xc2, 0xb5]), undefined]);
});

test("what is put into a queue is text or bytes", () => {
  const filter = loadFilter(kinds, { rootId: "queue" });
  filter.enqueue("jobs", "größer");
  filter.enqueue("jobs", new Uint8Array([0x41, 0x42]));
  expect(filter.logs.map(({ message }) => message)).toEqual(["job größer", "job AB"]);
  expect([filter.queue("jobs"), filter.queueBytes("jobs")]).toEqual([[], []]);
  expect([filter.queue("none"), filter.queueBytes("none")]).toEqual([undefined, undefined]);
  expect(() => filter.enqueue("none", "x")).toThrow(
    expect.objectContaining({ code: "FW_USAGE", message: "the filter has no queue none" }),
  );
});

test("the host takes bytes, and says so to who gives it text", () => {
  const host = new Host();
  const proxy = new Proxy(host, []);
  const refused = (code: string, found: string) =>
    expect.objectContaining({
      code: "FW_USAGE",
      message: `expected bytes, characters up to U+00FF, found ${code} in "${found}": write encodeUtf8(text)`,
    }) as Error;
  expect(() => toBytes("aΩ")).toThrow(refused("U+03A9", "aΩ"));
  expect(toBytes("aÿ")).toEqual(new Uint8Array([0x61, 0xff]));
  expect(() => proxy.send({ headers: [["x-a", "Ω"]] })).toThrow(refused("U+03A9", "Ω"));
  expect(() => proxy.send({ path: "/😀" })).toThrow(refused("U+1F600", "/😀"));
  expect(() => proxy.send({ body: ["a", "Ω"] })).toThrow(refused("U+03A9", "Ω"));
  expect(() => proxy.send().respond({ body: `${"x".repeat(70)}Ω` })).toThrow(refused("U+03A9", `${"x".repeat(60)}...`));
  expect(() => host.shared.set("", "k", "Ω", 0)).toThrow(refused("U+03A9", "Ω"));

  const filter = loadFilter(kinds, { rootId: "auth" });
  filter.send();
  const [call] = filter.host.httpCalls;
  expect(() => call!.respond({ trailers: [["Ω", ""]] })).toThrow(refused("U+03A9", "Ω"));
  expect(call!.isPending).toBe(true);
});
