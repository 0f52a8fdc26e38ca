import { type Backend, exchange, type Readiness, type Target } from "./backend.ts";
import type { BackendName } from "./case-file.ts";
import { CLOCK_IS_FIXED } from "./swappable-backend.ts";

/** Runs cases on a server whose configuration is what it is: an Envoy with a whole configuration, or one at a URL. */
export function fixedBackend(name: BackendName, target: Target): Backend {
  return {
    name,
    output: target.envoy?.output,
    async prepare({ config, clock, request, expect }): Promise<Readiness> {
      if (config !== undefined || expect.rejected !== undefined)
        return { state: "skip", reason: "its configuration cannot be changed" };
      if (clock !== undefined) return CLOCK_IS_FIXED;
      if (request.source !== undefined) return { state: "skip", reason: "its clients' addresses cannot be chosen" };
      if (expect.metrics !== undefined && !target.envoy) return { state: "skip", reason: "its metrics cannot be read" };
      if (expect.log !== undefined && !target.envoy) return { state: "skip", reason: "its log cannot be read" };
      return { state: "ready" };
    },
    exchange: (testCase) => exchange(target, testCase),
    close: async () => {},
  };
}
