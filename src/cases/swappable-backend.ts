import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { FilterwrightError } from "../errors.ts";
import { readConfigFile } from "../envoy/bootstrap.ts";
import type { SwappableEnvoy, TypedConfig } from "../envoy/swap.ts";
import { type Backend, exchange, pluginLog, type Readiness, type Target } from "./backend.ts";
import type { BackendName, Case, FilterSetup } from "./case-file.ts";

const FILTERS = "type.googleapis.com/envoy.extensions.filters.http";

/** Runs the cases of one filter: its configuration, or its twin, is swapped into an Envoy that goes on running. */
export function swappableBackend(
  name: BackendName,
  setup: FilterSetup,
  envoy: SwappableEnvoy,
  target: Target,
): Backend {
  return {
    name,
    async prepare(testCase: Case): Promise<Readiness> {
      const config =
        name === "wasm" ? wasmConfig(setup, testCase.config ?? setup.config) : twinConfig(name, setup, testCase);
      if (typeof config === "string") return { state: "skip", reason: config };
      const position = envoy.envoy.output.position;
      try {
        await envoy.swap(config);
        return { state: "ready" };
      } catch (error) {
        const isRefused = error instanceof FilterwrightError && error.code === "FW_ENVOY_UPDATE";
        if (!isRefused || testCase.expect.rejected === undefined) throw error;
        return { state: "rejected", log: pluginLog(envoy.envoy.output.since(position)) };
      }
    },
    exchange: (testCase) => exchange(target, testCase),
    close: async () => {},
  };
}

/** The Wasm filter block that we run and recommend. */
export function wasmConfig({ wasm, rootId }: Pick<FilterSetup, "wasm" | "rootId">, configuration: string): TypedConfig {
  return {
    "@type": `${FILTERS}.wasm.v3.Wasm`,
    config: {
      name: rootId,
      root_id: rootId,
      failure_policy: "FAIL_RELOAD",
      ...(configuration !== "" && {
        configuration: { "@type": "type.googleapis.com/google.protobuf.StringValue", value: configuration },
      }),
      vm_config: { vm_id: rootId, runtime: "envoy.wasm.runtime.v8", code: { local: { filename: resolve(wasm) } } },
    },
  };
}

/** @returns why there is none, where the twin cannot stand in for this case */
function twinConfig(name: BackendName, { twins }: FilterSetup, testCase: Case): TypedConfig | string {
  const file = twins[name];
  if (file === undefined) return `the case file has no twin for ${name}`;
  if (testCase.config !== undefined) return "the case has a configuration of its own, its twin has not";
  if (name === "lua")
    return { "@type": `${FILTERS}.lua.v3.Lua`, default_source_code: { inline_string: readConfigFile(file) } };
  return parse(readFileSync(file, "utf8"), { version: "1.1" }) as TypedConfig;
}
