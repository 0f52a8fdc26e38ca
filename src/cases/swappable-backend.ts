import { existsSync } from "node:fs";
import { cachedLibrary } from "../aot/cache.ts";
import { aotConfig } from "../envoy/aot-config.ts";
import { FilterwrightError } from "../errors.ts";
import { wasmConfig } from "../envoy/wasm-config.ts";
import { NO_FILTER, type SwappableEnvoy, type TypedConfig } from "../envoy/swap.ts";
import { type Backend, exchange, isPluginsRefusal, pluginLog, type Readiness, type Target } from "./backend.ts";
import type { Case, EnvoyBackendName, FilterSetup } from "./case-file.ts";
import { twinConfig } from "./twin.ts";

export const CLOCK_IS_FIXED: Readiness = { state: "skip", reason: "a real Envoy's clock cannot be set" };

/** Runs the cases of one filter: its configuration, or its twin, is swapped into an Envoy that goes on running. */
export function swappableBackend(
  name: EnvoyBackendName,
  setup: FilterSetup,
  envoy: SwappableEnvoy,
  target: Target,
): Backend {
  let hasTrapped = false;
  return {
    name,
    output: envoy.envoy.output,
    async prepare(testCase: Case): Promise<Readiness> {
      if (testCase.clock !== undefined) return CLOCK_IS_FIXED;
      const config = await filterConfig(name, setup, testCase);
      if (typeof config === "string") return { state: "skip", reason: config };
      const position = envoy.envoy.output.position;
      // Envoy would wait for a second before it starts another VM: a new configuration has one at once.
      if (hasTrapped) await envoy.swap(NO_FILTER);
      hasTrapped = false;
      try {
        await envoy.swap(config);
        return { state: "ready" };
      } catch (error) {
        // A refusal that is met again is not logged again.
        const log = (error as FilterwrightError).detail ?? envoy.envoy.output.since(position);
        if (!isPluginsRefusal(log) || testCase.expect.rejected === undefined) throw error;
        return { state: "rejected", log: pluginLog(log) };
      }
    },
    async exchange(testCase) {
      const seen = await exchange(target, testCase);
      hasTrapped = seen.traps.length > 0;
      return seen;
    },
    close: async () => {},
  };
}

async function filterConfig(name: EnvoyBackendName, setup: FilterSetup, testCase: Case): Promise<TypedConfig | string> {
  if (name !== "wasm" && name !== "aot") return twinConfig(name, setup, testCase);
  requireModule(setup.wasm);
  const config = wasmConfig(setup, testCase.config ?? setup.config);
  return name === "wasm" ? config : aotConfig(config, await cachedLibrary(setup.wasm));
}

/** @throws FilterwrightError FW_ENVOY_MODULE_MISSING */
export function requireModule(file: string): void {
  if (existsSync(file)) return;
  throw new FilterwrightError("FW_ENVOY_MODULE_MISSING", `the case file names ${file}, which is not there`, {
    hint: "Build the module first: filterwright build",
  });
}
