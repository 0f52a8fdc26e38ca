// The same programs of host calls on a real Envoy and on the TypeScript host: every result, what the filter sees, and what
// reaches either end must be equal.
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareRandom } from "./compare.ts";
import { PROGRAMS, UNDEFINED } from "./corpus.ts";
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
