import type { EnvoyBackendName, CaseFile, EnvoySetup } from "../cases/case-file.ts";
import { onFreePorts } from "../cases/open.ts";
import type { Echo } from "../echo/server.ts";
import { type Bootstrap, readBootstrap, withFilters } from "../envoy/bootstrap.ts";
import type { EnvoyBinary } from "../envoy/find.ts";
import { type RunningEnvoy, startEnvoy } from "../envoy/start.ts";

export type ContestantName = "none" | EnvoyBackendName;

/** One of the Envoys that the demo holds side by side. */
export interface Contestant {
  name: ContestantName;
  /** How the table heads its column. */
  title: string;
  envoy: RunningEnvoy;
}

const ENVOYS: EnvoyBackendName[] = ["wasm", "lua", "native"];
const TITLES: Record<ContestantName, string> = { none: "no filter", wasm: "Wasm", lua: "Lua", native: "native" };

/**
 * Starts Envoy without a filter and once with each configuration of a case file, all in front of one upstream.
 *
 * @param keepPorts leaves the ports as the configurations have them, for a person to use
 * @throws FilterwrightError what `startEnvoy` throws; those that had started are stopped
 */
export async function startContestants(
  file: CaseFile,
  binary: EnvoyBinary,
  echo: Echo,
  keepPorts: boolean,
): Promise<Contestant[]> {
  const { files } = file.setup as EnvoySetup;
  const start = async (name: ContestantName, bootstrap: Bootstrap): Promise<Contestant> => {
    return { name, title: TITLES[name], envoy: await startEnvoy({ bootstrap, envoy: binary, concurrency: 1 }) };
  };
  const starting = [start("none", onFreePorts(withFilters(readBootstrap(files.wasm!), []), echo))];
  for (const name of ENVOYS) {
    const bootstrap = readBootstrap(files[name]!);
    starting.push(start(name, keepPorts ? bootstrap : onFreePorts(bootstrap, echo)));
  }
  const settled = await Promise.allSettled(starting);
  const failed = settled.find((result) => result.status === "rejected");
  if (!failed) return Promise.all(starting);
  for (const result of settled) if (result.status === "fulfilled") await result.value.envoy.stop();
  throw failed.reason;
}
