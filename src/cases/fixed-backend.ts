import { type Backend, exchange, type Readiness, type Target } from "./backend.ts";
import type { BackendName } from "./case-file.ts";

/** Runs cases on a server whose configuration is what it is: an Envoy with a whole configuration, or one at a URL. */
export function fixedBackend(name: BackendName, target: Target): Backend {
  return {
    name,
    async prepare({ config, expect }): Promise<Readiness> {
      if (config !== undefined || expect.rejected !== undefined)
        return { state: "skip", reason: "its configuration cannot be changed" };
      if (expect.log !== undefined && !target.envoy) return { state: "skip", reason: "its log cannot be read" };
      return { state: "ready" };
    },
    exchange: (testCase) => exchange(target, testCase),
    close: async () => {},
  };
}
