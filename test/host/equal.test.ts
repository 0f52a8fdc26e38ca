// The same programs of host calls on a real Envoy and on the TypeScript host: every result, what the filter sees, and what
// reaches either end must be equal.
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodePairs } from "../../src/host/pairs.ts";
import { compareRandom } from "./compare.ts";
import { EXCHANGE } from "./exchange.ts";
import { Prober } from "./probe.ts";
import { x } from "./calls.ts";

let prober: Prober;
beforeAll(async () => {
  prober = await Prober.start();
}, 60_000);
afterAll(() => prober.close());

const PROGRAMS: Record<string, string[]> = {
  "huge values, and many lines": [
    `request_headers add 0 ${x("x-huge")} ${x("v".repeat(50_000))}`,
    `request_headers get 0 ${x("x-huge")}`,
    `request_headers map_size 0`,
    `response_headers add 2 ${x("x-huge")} ${x("w".repeat(50_000))}`,
    ...Array.from({ length: 90 }, (_, i) => `response_headers add 2 ${x(`x-${i}`)} ${x("1")}`),
    `response_headers map_size 2`,
    `response_headers pairs 2`,
  ],
  "every map is read in every callback": [
    "create",
    "request_headers",
    "request_body",
    "response_headers",
    "response_body",
    "log",
    "done",
    "delete",
  ].flatMap((callback) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 255].flatMap((type) => [
      `${callback} pairs ${type}`,
      `${callback} get ${type} ${x("x-a")}`,
      `${callback} map_size ${type}`,
    ]),
  ),
  "every map is written in every callback": [
    "create",
    "request_headers",
    "request_body",
    "response_headers",
    "log",
    "done",
  ].flatMap((callback) =>
    [0, 1, 2, 3, 4, 7, 8, -1].map((type) => `${callback} add ${type} ${x("x-new")} ${x(callback)}`),
  ),
  "names in any case, host, repeats, empty and odd values": [
    `request_headers get 0 ${x("X-MANY")}`,
    `request_headers get 0 ${x("Host")}`,
    `request_headers get 0 ${x(":authority")}`,
    `request_headers replace 0 ${x("HOST")} ${x("other.example")}`,
    `request_headers add 0 ${x("X-Many")} ${x("3")}`,
    `request_headers add 0 ${x("user-agent")} ${x("more")}`,
    `request_headers add 0 ${x("user-agent")} x`,
    `request_headers add 0 ${x("x-empty")} x`,
    `request_headers get 0 ${x("x-empty")}`,
    `request_headers get 0 x`,
    `request_headers add 0 ${x("x-bytes")} xff00c3a9`.replace("00", ""),
    `request_headers replace 0 ${x("x-a")} ${x("replaced")}`,
    `request_headers remove 0 ${x("X-MANY")}`,
    `request_headers remove 0 ${x("not-there")}`,
    "request_headers pairs 0",
    "request_headers map_size 0",
    `response_headers add 2 ${x("content-type")} ${x("text/html")}`,
    `response_headers add 2 ${x("x-b")} ${x("2")}`,
    `response_headers replace 2 ${x("x-b")} ${x("3")}`,
    `response_headers add 2 ${x("host")} ${x("h")}`,
    "response_headers pairs 2",
  ],
  "a map is set as a whole, also from bytes that are no list": [
    `request_headers set_pairs 0 ${x(
      encodePairs([
        [":path", "/new"],
        ["x-second", "2"],
        [":method", "GET"],
        ["host", "set.example"],
        [":scheme", "http"],
        ["content-length", "12"],
        ["X-Third", "3"],
        ["x-forwarded-proto", "http"],
      ]),
    )}`,
    "request_headers pairs 0",
    `response_headers set_pairs 2 ${x(
      encodePairs([
        ["x-only", "1"],
        [":status", "201"],
        ["content-length", "13"],
      ]),
    )}`,
    "response_headers pairs 2",
  ],
  "a request without x-forwarded-proto has no route": [`request_headers remove 0 ${x("x-forwarded-proto")}`],
  "a list that is cut off wipes a map": [
    "log set_pairs 2 x0200",
    "response_headers set_pairs 3 x0200",
    "response_body set_pairs 3 x",
  ],
  "bodies are read and changed": [
    "request_headers remove 0 " + x("content-length"),
    "request_body body 0 0 100",
    "request_body body 0 3 4",
    "request_body body 0 100 4",
    "request_body body 0 -1 4",
    "request_body body 0 0 -1",
    "request_body body 2 0 4",
    "request_body body 4 0 4",
    "request_body body 5 0 4",
    "request_body body 6 0 4",
    "request_body body 7 0 4",
    "request_body body 9 0 4",
    "request_body body_status 0",
    `request_body set_body 0 0 0 ${x("<")}`,
    `request_body set_body 0 5 1 ${x("no")}`,
    `request_body set_body 0 1000 0 ${x(">")}`,
    `request_body set_body 1 0 0 ${x("no")}`,
    `request_body set_body 7 0 0 ${x("no")}`,
    "request_body body 0 0 100",
    "response_headers remove 2 " + x("content-length"),
    `response_body set_body 1 0 8 ${x("REPLACED")}`,
    "response_body body 1 0 100",
  ],
  "a local reply to a request": [
    `request_headers reply 403 ${x("no way")} ${x("denied\n")} ${x(
      encodePairs([
        ["x-why", "policy"],
        ["x-why", "again"],
      ]),
    )} -1`,
    "request_headers return 0",
    "response_headers pairs 2",
    "response_body body 1 0 100",
  ],
  "a local reply without a body": [`request_headers reply 204 x x x -1`, "response_headers pairs 2"],
  "a local reply in the place of a response": [
    `response_headers reply 502 x ${x("bad")} x 14`,
    "response_headers pairs 2",
  ],
  properties: ["plugin_name", "plugin_root_id", "plugin_vm_id_", "nothing", ""]
    .map((path) => `request_headers property ${x(path)}`)
    .concat([
      `request_headers set_property ${x("mine")} ${x("kept")}`,
      `request_headers property ${x("mine")}`,
      `response_headers property ${x("mine")}`,
      `log property ${x("mine")}`,
      `configure set_property ${x("mine")} ${x("kept")}`,
    ]),
  "shared data and queues": [
    `request_headers shared ${x("k")}`,
    `request_headers set_shared ${x("k")} ${x("1")} 77`,
    `request_headers set_shared ${x("k")} ${x("2")} 7777777`,
    `request_headers set_shared ${x("k")} ${x("3")} 0`,
    `request_headers shared ${x("k")}`,
    `request_headers set_shared ${x("empty")} x 0`,
    `request_headers shared ${x("empty")}`,
    `request_headers resolve_queue x ${x("q")}`,
    `request_headers register_queue ${x("q")}`,
    `request_headers resolve_queue x ${x("q")}`,
    "request_headers dequeue 999999",
    `request_headers enqueue 999999 ${x("lost")}`,
  ],
  metrics: [
    `configure define 0 ${x("probe.counter")}`,
    `request_headers define 0 ${x("probe.counter")}`,
    `request_headers define 1 ${x("probe.gauge")}`,
    `request_headers define 2 ${x("probe.histogram")}`,
    `request_headers define 3 ${x("probe.none")}`,
    "request_headers increment 8 2",
    "request_headers increment 8 0",
    "request_headers increment 8 -1",
    "request_headers increment 5 7",
    "request_headers increment 5 -3",
    "request_headers increment 6 1",
    "request_headers record 6 1",
    "request_headers record 5 9",
    "request_headers metric 5",
    "request_headers metric 6",
    "request_headers metric 7",
    "request_headers metric 400",
    "request_headers increment 400 1",
    "request_headers record 400 1",
  ],
  "odd arguments": [
    "request_headers continue 4",
    "request_headers continue 3",
    "request_headers close 4",
    "request_headers effective 4242",
    "request_headers log_level",
    `request_headers log 2 ${x("a line")}`,
    `request_headers log 1 ${x("not shown")}`,
    `request_headers log 6 ${x("no level")}`,
    `request_headers foreign ${x("clear_route_cache")} x`,
    `request_headers foreign ${x("none")} x`,
  ],
};

test.for(Object.keys(PROGRAMS))("%s", async (name) => {
  const compared = await prober.compare(PROGRAMS[name]!, EXCHANGE);
  expect(compared).toMatchObject({ kind: "equal" });
});

test("340 random programs, always the same: 300 and more run on both", { timeout: 120_000 }, async () => {
  const { equal } = await compareRandom(prober, 340, 20_260_101);
  expect(equal).toBeGreaterThanOrEqual(300);
});

/** Each of them crashes Envoy 1.40, or makes it read memory that it has given back. */
const UNDEFINED: Record<string, string[]> = {
  "a stream is closed while it is logged": ["log close 0"],
  "a stream is answered while it is deleted": [`delete reply 200 x x x -1`],
  "a stream is closed while its context is created": ["create close 0"],
  "a stream is closed twice": ["request_headers close 0", "request_headers close 1"],
  "a request that is not held is continued": ["request_headers continue 0"],
  "a response is continued before it has come": ["request_headers continue 1", "request_headers return 1"],
  "the end of a body is read after its callback": ["request_body.1 return 2", "log body 0 0 1"],
  "a gRPC call has no target": ["request_headers grpc_call x x"],
};

test.for(["compress", "uncompress", "expr_create", "declare_property", "verify_signature", "sign"])(
  "the foreign function %s, which Envoy has, is refused by name",
  async (name) => {
    const compared = await prober.compare([`request_headers foreign ${x(name)} x`], EXCHANGE);
    expect(compared).toMatchObject({ kind: "declined", error: { message: expect.stringContaining(name) } });
  },
);

test("an attribute that the host cannot know is refused by name", async () => {
  const compared = await prober.compare([`request_headers property ${x("connection\0id")}`], EXCHANGE);
  expect(compared).toMatchObject({ kind: "declined", error: { message: expect.stringContaining("connection.id") } });
});

test.for(Object.keys(UNDEFINED))("what Envoy crashes on, the host refuses by name: %s", async (name) => {
  const compared = await prober.compare(UNDEFINED[name]!, EXCHANGE);
  expect(compared).toMatchObject({ kind: "declined", error: { code: "FW_UNDEFINED" } });
});
