// The same programs of host calls on a real Envoy and on the TypeScript host: every result, what the filter sees, and what
// reaches either end must be equal.
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareRandom } from "./compare.ts";
import { PROGRAMS } from "./corpus.ts";
import { EXCHANGE } from "./exchange.ts";
import { Prober } from "./probe.ts";
import { x } from "./calls.ts";

let prober: Prober;
beforeAll(async () => {
  prober = await Prober.start();
}, 60_000);
afterAll(() => prober.close());

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
