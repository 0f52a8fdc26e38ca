import { wasmConfig } from "../envoy/wasm-config.ts";
import { startEnvoy } from "../envoy/start.ts";
import { benchBootstrap } from "./bootstrap.ts";
import { residentKiB } from "./process.ts";
import { sendMany } from "./send-many.ts";
import { REFERENCE_REQUEST } from "./request.ts";

export const ENVOY_WARM_UP = 100_000;

/** What an Envoy holds. */
export interface Held {
  residentKiB: number;
  /** Envoy's counters of Wasm VMs: another one would be there after a trap. */
  vms: Record<string, number>;
}

/** Runs requests through a module in a real Envoy. @returns what Envoy held after warming up, and at the end */
export async function soakEnvoy(
  wasm: string,
  configuration = "soak",
  requests = 0,
): Promise<{ before: Held; after: Held }> {
  const filter = { name: "wasm", typed_config: wasmConfig({ wasm, rootId: "demo" }, configuration) };
  const envoy = await startEnvoy({ bootstrap: benchBootstrap([filter]), concurrency: 1, logLevel: "critical" });
  const held = async (): Promise<Held> => ({
    residentKiB: residentKiB(envoy.pid),
    vms: await envoy.admin.stats("^wasm\\.envoy\\.wasm\\.runtime\\.v8\\."),
  });
  try {
    await sendMany(envoy.port, ENVOY_WARM_UP, REFERENCE_REQUEST);
    const before = await held();
    await sendMany(envoy.port, requests, REFERENCE_REQUEST);
    return { before, after: await held() };
  } finally {
    await envoy.stop();
  }
}
