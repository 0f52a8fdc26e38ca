// Two filters on one stream, in one VM and in two: the same is called, in the same order, on a real Envoy and on the host.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChainOnEnvoy, REQUESTS, VMS, runOnHost } from "./chain.ts";

describe.each(VMS)("in %s", (_, vmOf) => {
  let envoy: ChainOnEnvoy;
  beforeAll(async () => {
    envoy = await ChainOnEnvoy.start("wasm", vmOf);
  });
  afterAll(() => envoy[Symbol.asyncDispose]());

  test.for(Object.keys(REQUESTS))("%s", async (name) => {
    const seen = await envoy.run(REQUESTS[name]!);
    expect(seen.log.length).toBeGreaterThan(1);
    expect(await runOnHost(vmOf, REQUESTS[name]!)).toEqual(seen);
  });
});
