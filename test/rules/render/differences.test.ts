// What is told of a rendered filter that is not as the Wasm filter is: what can show for the rules at hand, and no more.
import { expect, test } from "vitest";
import { differences } from "../../../src/rules/render/differences.ts";
import { planOf, rule } from "./render.ts";

const COUNTERS = "there are no counters headers.rules.NAME.*";
const ROUTE =
  "the route stays as it was chosen before: header_mutation does not clear the route cache, Wasm and Lua do";
const REPLIES =
  "responses are changed too where Envoy, or a filter in front, answered a request before the filter saw it; Wasm does not run there";
const CONTROL = "a control character that another filter has put into a header is copied, and not rejected";
const METADATA =
  "what the response must know of the request is in dynamic metadata, filterwright.headers, which access logs may show";

const set = (value: string) => [{ set: { name: "x-a", value } }];

test.for<[string, object, string[], string[]]>([
  ["a fixed request header", { request: set("1") }, [COUNTERS, ROUTE], [COUNTERS]],
  ["a fixed response header", { response: set("1") }, [COUNTERS, REPLIES], [COUNTERS, REPLIES]],
  ["a value of the request", { request: set("%REQ(x)%") }, [COUNTERS, ROUTE, CONTROL], [COUNTERS]],
  ["a value of the response", { response: set("%RESP(x)%") }, [COUNTERS, REPLIES, CONTROL], [COUNTERS, REPLIES]],
])("of %s", ([, parts, native, lua]) => {
  expect([differences(rule(parts), "native"), differences(rule(parts), "lua")]).toEqual([native, lua]);
});

test("a script that keeps something of the request does nothing to responses of requests that it never saw", () => {
  expect(differences(rule({ response: set("%REQ(x)%") }), "lua")).toEqual([COUNTERS, METADATA]);
  expect(differences(rule({ matches: [{ method: "GET" }], response: set("1") }), "lua")).toEqual([COUNTERS, METADATA]);
});

test("ahead of time, counters have another name for Prometheus, and what comes without a value is not moved", () => {
  const NAMES = "counters have the same names in /stats, and begin with envoy_wasmcustom_ for Prometheus";
  const EMPTY =
    "a line that comes without a value is not written to another place: Envoy takes none from a dynamic module";
  expect(differences(rule({ request: set("%REQ(x)%") }), "aot")).toEqual([NAMES]);
  expect(differences(rule({ request: [{ rename: { from: "x-a", to: "x-b" } }] }), "aot")).toEqual([NAMES, EMPTY]);
  expect(differences(planOf({ securityHeaders: { preset: "recommended" } }), "aot")).toEqual([]);
});

test("security headers are no rule, and have no counter", () => {
  expect(differences(planOf({ securityHeaders: { preset: "recommended" } }), "native")).toEqual([REPLIES]);
});
