import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import type { Exchange, Outcome, Prober } from "./probe.ts";
import { program } from "./programs.ts";

/** What passes through Envoy and host while a program runs. */
export const EXCHANGE: Exchange = {
  headers: [
    ["x-a", "1"],
    ["X-Many", "1"],
    ["x-many", "2"],
    ["user-agent", "probe"],
  ],
  body: "request body",
  upstream: {
    status: 200,
    headers: [
      ["x-b", "1"],
      ["content-type", "text/plain"],
      ["content-length", "13"],
    ],
    body: "response body",
  },
};

/**
 * Runs so many random programs on both.
 *
 * @throws Error for the first whose outcomes differ, made as small as it gets, with the seed and both outcomes
 */
export async function compareRandom(prober: Prober, count: number, seed: number): Promise<void> {
  const property = fc.asyncProperty(program, async (lines) => {
    const host = prober.onHost(lines, EXCHANGE);
    const envoy = await prober.onEnvoy(lines, EXCHANGE);
    if (!isDeepStrictEqual(host, envoy)) throw new Error(difference(host, envoy));
  });
  await fc.assert(property, { numRuns: count, seed });
}

function difference(host: Outcome, envoy: Outcome): string {
  const at = host.said.findIndex((line, i) => line !== envoy.said[i]);
  if (at >= 0 || host.said.length !== envoy.said.length) {
    const line = at < 0 ? host.said.length : at;
    return `the host says ${host.said[line]}\nEnvoy says    ${envoy.said[line]}`;
  }
  const rest = ({ isRefused, upstream, client }: Outcome) => JSON.stringify({ isRefused, upstream, client });
  return `host  ${rest(host)}\nEnvoy ${rest(envoy)}`;
}
