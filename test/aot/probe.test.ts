// The programs of host calls that the TypeScript host is held against Envoy with, on the probe compiled ahead of time.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { x } from "../host/calls.ts";
import { PROGRAMS, UNDEFINED } from "../host/corpus.ts";
import { EXCHANGE } from "../host/exchange.ts";
import { exchange } from "../host/exchanges.ts";
import { compiledGuest } from "../guest-module.ts";
import { EnvoyRunner } from "../host/on-envoy.ts";
import { Prober } from "../host/probe.ts";
import { program } from "../host/programs.ts";
import { describeDifference } from "../host/readable.ts";
import { possible } from "./possible.ts";

let prober: Prober;
beforeAll(async () => {
  prober = await Prober.start("aot");
}, 60_000);
afterAll(() => prober.close());

test.for(Object.keys(PROGRAMS))("%s", async (name) => {
  const compared = await prober.compare(possible(PROGRAMS[name]!), EXCHANGE);
  if (compared.kind === "different") throw new Error(describeDifference(compared.host, compared.envoy));
  expect(compared).toMatchObject({ kind: "equal" });
});

test("random programs do as on the host, which does as Envoy's Wasm engine", { timeout: 600_000 }, async () => {
  let equal = 0;
  const property = fc.asyncProperty(program, exchange, async (lines, passing) => {
    const compared = await prober.compare(possible(lines), passing);
    if (compared.kind === "equal") equal++;
    if (compared.kind === "different") throw new Error(describeDifference(compared.host, compared.envoy));
    if (compared.kind === "crashed")
      throw new Error(`Envoy crashes: ${compared.error.message}\n${compared.error.detail}`);
  });
  await fc.assert(property, { numRuns: 300, seed: 20_261_122 });
  expect(equal).toBeGreaterThanOrEqual(250);
});

const NOTHING_EXPECTED = {
  isRefused: false,
  said: ["name root: gone"],
  upstream: undefined,
  client: undefined,
  calls: [],
};

/** What Envoy's dynamic-module ABI has not: each is refused where it is asked for. */
const IMPOSSIBLE: Record<string, [line: string, said: string]> = {
  "a header with an empty value": [`request_headers add 0 ${x("x-empty")} x`, "name root: 0 add 2"],
  "an empty value in the place of another": [`request_headers replace 0 ${x("x-a")} x`, "name root: 0 replace 2"],
  "trailers of a message that has none": [`request_body add 1 ${x("x-t")} ${x("1")}`, "name root: 0 add 2"],
};

test.for(Object.keys(IMPOSSIBLE))("%s is refused", async (name) => {
  const [line, said] = IMPOSSIBLE[name]!;
  const compared = await prober.compare([line], EXCHANGE);
  expect(compared).toMatchObject({ kind: "different", envoy: { said: expect.arrayContaining([said]) as string[] } });
});

test("what Envoy crashes on with its Wasm engine, does it no harm", async () => {
  const runner = await EnvoyRunner.start(await compiledGuest("probe"), "aot");
  try {
    for (const lines of [
      ...Object.values(UNDEFINED),
      ["response_body continue 1", "request_headers reply 200 x x x -1"],
    ]) {
      const seen = await runner.run(lines, EXCHANGE, ["respond"], NOTHING_EXPECTED);
      expect({ lines, said: seen.said }).toMatchObject({
        said: expect.arrayContaining(["name root: gone"]) as string[],
      });
    }
    expect(await runner.ending()).toBeUndefined();
  } finally {
    await runner.close();
  }
}, 60_000);
