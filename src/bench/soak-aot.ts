import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cachedLibrary } from "../aot/cache.ts";
import { aotConfig } from "../envoy/aot-config.ts";
import { startEnvoy } from "../envoy/start.ts";
import { type SwappableEnvoy, startSwappable, type TypedConfig } from "../envoy/swap.ts";
import { wasmConfig } from "../envoy/wasm-config.ts";
import { FilterwrightError } from "../errors.ts";
import { askMany, type Tally } from "./ask-many.ts";
import { benchBootstrap } from "./bootstrap.ts";
import { residentKiB } from "./process.ts";
import { REFERENCE_REQUEST } from "./request.ts";
import { sendMany } from "./send-many.ts";

/** Milliseconds between configurations. */
const CHANGE_EVERY = 20;
/** One configuration in so many is one that the module refuses. */
const REFUSED_EVERY = 7;

export interface Soaked {
  tally: Tally;
  /** Configurations that came into force, and that were refused. */
  changes: number;
  refusals: number;
  beforeKiB: number;
  afterKiB: number;
}

/**
 * A module that is compiled ahead of time, in a real Envoy with two workers: requests while its configuration changes all the time, from one
 * library to another and back, and while it traps.
 *
 * @param wasm `bench/guest/soak-answer.ts` @param warmUp requests before memory is looked at
 */
export async function soakAheadOfTime(wasm: string, warmUp: number, requests: number): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), "filterwright-soak-"));
  const libraries = ["a", "b"].map((name) => join(folder, `lib${name}.so`));
  for (const library of libraries) copyFileSync(await cachedLibrary(wasm), library);
  const envoy = await startSwappable({ bootstrap: benchBootstrap([]), concurrency: 2, logLevel: "warning" });
  const changes = new Changes(envoy, wasm, libraries);
  try {
    await changes.change();
    const during = async (count: number) => {
      const changing = changes.run();
      const tally = await askMany(envoy.envoy.port, count, changes).finally(() => changes.stop());
      await changing;
      return tally;
    };
    await during(warmUp);
    const beforeKiB = residentKiB(envoy.envoy.pid);
    const tally = await during(requests);
    const afterKiB = residentKiB(envoy.envoy.pid);
    return { tally, changes: changes.last(), refusals: changes.refusals, beforeKiB, afterKiB };
  } finally {
    await envoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Configurations in the order of their numbers. */
class Changes {
  refusals = 0;
  private readonly envoy: SwappableEnvoy;
  private readonly wasm: string;
  private readonly libraries: string[];
  private inForce = 0;
  private given = 0;
  private isRunning = false;

  constructor(envoy: SwappableEnvoy, wasm: string, libraries: string[]) {
    this.envoy = envoy;
    this.wasm = wasm;
    this.libraries = libraries;
  }

  /** The one that every worker has. */
  first(): number {
    return this.inForce;
  }

  /** The newest that a worker may have. */
  last(): number {
    return this.given;
  }

  async run(): Promise<void> {
    this.isRunning = true;
    for (let i = 1; this.isRunning; i++) {
      await (i % REFUSED_EVERY === 0 ? this.refuse(i) : this.change());
      await sleep(CHANGE_EVERY);
    }
  }

  stop(): void {
    this.isRunning = false;
  }

  async change(): Promise<void> {
    this.given++;
    await this.envoy.swap(this.config(String(this.given), this.libraries[this.given % 2]!));
    this.inForce = this.given;
  }

  private async refuse(i: number): Promise<void> {
    try {
      await this.envoy.swap(this.config("refuse", this.libraries[i % 2]!));
    } catch (error) {
      if (!(error instanceof FilterwrightError) || error.code !== "FW_ENVOY_UPDATE") throw error;
      this.refusals++;
      return;
    }
    throw new Error("a configuration that the module refuses came into force");
  }

  private config(configuration: string, library: string): TypedConfig {
    const wasm = wasmConfig({ wasm: this.wasm, rootId: "demo" }, configuration);
    const plugin = wasm["config"] as object;
    const reload_config = { backoff: { base_interval: "0.002s", max_interval: "0.01s" } };
    return aotConfig({ ...wasm, config: { ...plugin, reload_config } }, library);
  }
}

/** What an Envoy with one worker holds after so many requests. @param filter none where it is undefined */
export async function residentAfter(requests: number, filter?: TypedConfig): Promise<number> {
  const filters = filter ? [{ name: "filter", typed_config: filter }] : [];
  const envoy = await startEnvoy({ bootstrap: benchBootstrap(filters), concurrency: 1, logLevel: "critical" });
  try {
    await sendMany(envoy.port, requests, REFERENCE_REQUEST);
    return residentKiB(envoy.pid);
  } finally {
    await envoy.stop();
  }
}
