// Requests and responses that come piece by piece, and upstreams that have nothing to answer.
import { beforeAll, expect, test } from "vitest";
import { type Exchange, type Filter, type FilterOptions, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

const files: Record<string, string> = {};
beforeAll(async () => {
  for (const guest of ["kinds", "flow"]) files[guest] = await compiledGuest(guest);
});

const load = (guest: string, rootId: string, options: FilterOptions = {}): Filter =>
  loadFilter(files[guest]!, { rootId, ...options });

const soFar = ({ requestSoFar, request }: Exchange) => [requestSoFar?.body, request?.body];
const usage = (message: string) => expect.objectContaining({ code: "FW_USAGE", message }) as Error;

test("a request comes in pieces, time passes between them, and its end is answered", () => {
  const filter = load("kinds", "tick");
  const began = filter.host.now / 1_000_000n;
  const exchange = filter.open({ method: "POST" });
  const seen = [soFar(exchange)];
  filter.advance(20);
  seen.push(soFar(exchange.sendBody("größer, ")));
  filter.advance(20);
  seen.push(soFar(exchange.sendBody(new Uint8Array([0x41]))));
  expect(exchange.response).toBeUndefined();
  seen.push(soFar(exchange.sendTrailers({ "x-end": "1" })));
  expect(seen).toEqual([
    ["", undefined],
    ["größer, ", undefined],
    ["größer, A", undefined],
    ["größer, A", "größer, A"],
  ]);
  expect(exchange.request).toHaveTrailer("x-end", "1");
  expect(exchange.response).toHaveHeader("x-ticks", "2");
  expect(exchange.response).toHaveHeader("x-began", String(began)); // request.time stays what it was
});

test("a filter that waits for a request's end holds its pieces", () => {
  const exchange = load("kinds", "body").open({ method: "POST" }).sendBody("one ");
  expect([...soFar(exchange), exchange.isHeld.request]).toEqual(["", undefined, true]);
  exchange.sendBody("two", true);
  expect(soFar(exchange)).toEqual(["<ONE TWO!>", "<ONE TWO!>"]);
});

test("a response comes in pieces, before the request's end or behind it", () => {
  const early = loadFilter("add-header").open({ method: "POST" });
  early.respondHeaders({ status: 201, headers: { "x-a": "1" } }).respondBody("o");
  expect([early.response, early.responseSoFar]).toMatchObject([undefined, { status: 201, body: "o" }]);
  expect(early.responseSoFar).toHaveHeader("hello", "world!");
  early.respondBody("k", true);
  expect([early.response?.body, early.request, early.hasReachedUpstream]).toEqual(["ok", undefined, true]);
  early.sendBody("nobody reads it", true);
  expect(early.request).toBeUndefined();

  const late = loadFilter("add-header").send({}, "none").respondHeaders().respondBody("ok");
  expect(late.response).toBeUndefined();
  late.respondTrailers([["x-end", "1"]]);
  expect(late.response).toMatchObject({ status: 200, body: "ok", trailers: [["x-end", "1"]] });
  expect(loadFilter("add-header").send({}, "none").respondHeaders({ status: 204 }).response).toHaveStatus(204);
});

test("an upstream answers but once, and what it has", () => {
  const held = load("flow", "hold");
  const exchange = held.send({ headers: { "x-hold": "request" } });
  expect(() => exchange.respond()).toThrow(usage("the upstream has no request to answer: the filter holds it"));
  held.advance(20);
  expect(exchange.response).toHaveStatus(200);
  exchange.respond(); // too late to be of any use

  const response = held.send({ headers: { "x-hold": "response" } });
  expect(response).toBeHeld();
  expect(() => response.respond()).toThrow(usage("the upstream has answered already"));
});

test("nothing comes behind an end, nor a body before its headers", () => {
  const filter = loadFilter("add-header", { upstream: "none" });
  const sent = filter.send();
  const atItsEnd = (what: string) => usage(`the ${what} has come to its end already`);
  expect(() => sent.sendBody("x")).toThrow(atItsEnd("request"));
  expect(() => sent.sendTrailers({})).toThrow(atItsEnd("request"));
  expect(() => sent.respondBody("x")).toThrow(usage("the response has not begun: its headers come first"));
  expect(() => sent.respondTrailers({})).toThrow(usage("the response has not begun: its headers come first"));
  const held = load("flow", "hold").send({ headers: { "x-hold": "response" } }, "none");
  held.respondHeaders({}, true);
  expect(() => held.respondBody("x")).toThrow(atItsEnd("response"));
});
