// Two filters on one stream are called as on the host, and so as in Envoy's Wasm engine (test/host/chain.test.ts).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChainOnEnvoy, REQUESTS, type Seen, VMS, runOnHost } from "../host/chain.ts";

const isEnd = (line: string): boolean => /: (log|done|delete)/.test(line);
const withoutEnds = ({ log, ...seen }: Seen): Seen => ({ log: log.filter((line) => !isEnd(line)), ...seen });
/** docs/aot.md: each filter's follow each other, before those of the next. */
const endsByFilter = ({ log }: Seen): string[] => log.filter(isEnd).toSorted((a, b) => a[0]!.localeCompare(b[0]!));

describe.each(VMS)("in %s", (_, vmOf) => {
  let envoy: ChainOnEnvoy;
  beforeAll(async () => {
    envoy = await ChainOnEnvoy.start("aot", vmOf);
  });
  afterAll(() => envoy[Symbol.asyncDispose]());

  test.for(Object.keys(REQUESTS))("%s", async (name) => {
    const seen = await envoy.run(REQUESTS[name]!);
    const onHost = await runOnHost(vmOf, REQUESTS[name]!);
    expect(seen.log.length).toBeGreaterThan(1);
    expect(withoutEnds(seen)).toEqual(withoutEnds(onHost));
    expect(endsByFilter(seen)).toEqual(endsByFilter(onHost));
  });
});
