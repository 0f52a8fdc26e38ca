import { readFileSync } from "node:fs";
import { aotBootstrap } from "../aot/bootstrap.ts";
import { type Exchange, exchange } from "../cases/backend.ts";
import type { Case, CaseFile, ConfiguredName, EnvoyBackendName, EnvoySetup } from "../cases/case-file.ts";
import { bootstrapPlugins } from "../cases/host-plugins.ts";
import { HostSession } from "../cases/host-session.ts";
import { onFreePorts, targetOf } from "../cases/open.ts";
import type { Echo } from "../echo/server.ts";
import { type Bootstrap, readBootstrap, withFilters } from "../envoy/bootstrap.ts";
import type { EnvoyBinary } from "../envoy/find.ts";
import type { WasmEngine } from "../envoy/wasm-engine.ts";
import type { PluginOptions } from "../host/index.ts";
import { headersModule } from "../rules/headers-module.ts";
import { render } from "../rules/render/render.ts";
import type { RulesFile } from "../rules/rules-file.ts";
import { type RunningEnvoy, startEnvoy } from "../envoy/start.ts";

/** One of those that the demo holds side by side. */
export interface Contestant {
  name: "none" | "host" | EnvoyBackendName;
  /** How the table heads its column. */
  title: string;
  exchange(testCase: Case): Promise<Exchange>;
}

/** One that is a real Envoy. */
export interface EnvoyContestant extends Contestant {
  envoy: RunningEnvoy;
}

const ENVOYS = ["wasm", "lua", "native"] as const;
const TITLES: Record<Contestant["name"], string> = {
  none: "no filter",
  host: "Wasm (host)",
  wasm: "Wasm",
  aot: "Wasm (aot)",
  lua: "Lua",
  native: "native",
};

/**
 * Starts Envoy without a filter and once with each configuration of a case file, all in front of one upstream.
 *
 * @param keepPorts leaves the ports as the configurations have them, for a person to use @param wasmEngine how the one with modules runs them
 * @throws FilterwrightError what `startEnvoy` throws; those that had started are stopped
 */
export async function startEnvoys(
  file: CaseFile,
  binary: EnvoyBinary,
  echo: Echo,
  keepPorts: boolean,
  wasmEngine: WasmEngine,
): Promise<EnvoyContestant[]> {
  const { files } = file.setup as EnvoySetup;
  const withoutFilter = onFreePorts(withFilters(readBootstrap(files.wasm!), []), echo);
  const bootstraps: [Contestant["name"], Bootstrap][] = [["none", withoutFilter]];
  for (const name of ENVOYS) {
    const read = readBootstrap(files[name]!);
    const [engine, bootstrap] = await withEngine(name, wasmEngine, read);
    bootstraps.push([engine, keepPorts ? bootstrap : onFreePorts(bootstrap, echo)]);
  }
  return await startAll(bootstraps, binary, echo);
}

/** The same for a rules file, rendered for each engine. */
export async function startRendered(
  file: CaseFile,
  rules: RulesFile,
  binary: EnvoyBinary,
  echo: Echo,
  wasmEngine: WasmEngine,
): Promise<EnvoyContestant[]> {
  const base = readBootstrap((file.setup as EnvoySetup).files.wasm!);
  const bootstraps: [Contestant["name"], Bootstrap][] = [];
  for (const name of ENVOYS) {
    const rendered = withFilters(base, [render(rules, name, { wasm: headersModule() }).filter]);
    const [engine, bootstrap] = await withEngine(name, wasmEngine, rendered);
    bootstraps.push([engine, onFreePorts(bootstrap, echo)]);
  }
  return await startAll(bootstraps, binary, echo);
}

async function withEngine(
  name: ConfiguredName,
  wasmEngine: WasmEngine,
  bootstrap: Bootstrap,
): Promise<[EnvoyBackendName, Bootstrap]> {
  return name === "wasm" && wasmEngine === "aot" ? ["aot", await aotBootstrap(bootstrap)] : [name, bootstrap];
}

async function startAll(
  bootstraps: [Contestant["name"], Bootstrap][],
  binary: EnvoyBinary,
  echo: Echo,
): Promise<EnvoyContestant[]> {
  const start = async (name: Contestant["name"], bootstrap: Bootstrap): Promise<EnvoyContestant> => {
    const envoy = await startEnvoy({ bootstrap, envoy: binary, concurrency: 1 });
    const target = targetOf(envoy, echo);
    return { name, title: TITLES[name], envoy, exchange: (testCase) => exchange(target, testCase) };
  };
  const starting = bootstraps.map(([name, bootstrap]) => start(name, bootstrap));
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((result) => result.status === "rejected");
  if (!failed) return Promise.all(starting);
  for (const result of settled) if (result.status === "fulfilled") await result.value.envoy.stop();
  throw failed.reason;
}

/** The TypeScript host without a filter and with those of a case file: neither servers nor an Envoy. */
export function hostContestants({ setup }: CaseFile): Contestant[] {
  return hosts(bootstrapPlugins(setup as EnvoySetup, (file) => readFileSync(file)));
}

/** The same with a rules file. */
export function hostWithRules({ configuration }: RulesFile): Contestant[] {
  return hosts([{ wasm: readFileSync(headersModule()), name: "headers", rootId: "headers", configuration }]);
}

function hosts(plugins: PluginOptions[]): Contestant[] {
  return (["none", "host"] as const).map((name) => {
    const session = new HostSession();
    session.prepare({ plugins: name === "none" ? [] : plugins, clock: undefined });
    return { name, title: TITLES[name], exchange: async (testCase) => session.exchange(testCase) };
  });
}
