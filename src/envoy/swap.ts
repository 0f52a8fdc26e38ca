import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FilterwrightError } from "../errors.ts";
import { type Bootstrap, type HttpFilter, withFilters } from "./bootstrap.ts";
import { type RunningEnvoy, type StartOptions, startEnvoy } from "./start.ts";

/** The one filter before the router, whose configuration Envoy discovers in a file (ECDS). */
const NAME = "swappable";
const TYPE_PREFIX = "type.googleapis.com/envoy.extensions.filters.http";
/** A filter that does nothing. */
export const NO_FILTER: TypedConfig = { "@type": `${TYPE_PREFIX}.header_mutation.v3.HeaderMutation` };
/** A large module takes Envoy seconds to compile. */
const TIMEOUT_MS = 30_000;
const STATS = `extension_config_discovery.http_filter.${NAME}`;

/** The `typed_config` of an HTTP filter. */
export type TypedConfig = { "@type": string; [field: string]: unknown };

/** An Envoy whose filter can be exchanged while it runs, as a control plane does it, without a restart. */
export class SwappableEnvoy {
  readonly envoy: RunningEnvoy;
  private readonly folder: string;
  private current = JSON.stringify(NO_FILTER);
  private refused: { text: string; error: FilterwrightError } | undefined;
  private version = 0;

  constructor(envoy: RunningEnvoy, folder: string) {
    this.envoy = envoy;
    this.folder = folder;
  }

  /**
   * Puts a filter in the place of the one before; it is in force on every worker when this returns.
   *
   * @param config a Wasm, Lua or header_mutation filter
   * @throws FilterwrightError FW_ENVOY_UPDATE with what Envoy logged; the filter before goes on serving
   */
  async swap(config: TypedConfig): Promise<void> {
    const text = JSON.stringify(config);
    // Envoy takes no notice of a configuration that is the same as the last it was given, accepted or refused.
    if (this.refused?.text === text) throw this.refused.error;
    if (this.current === text && !this.refused) return;
    const before = await this.updates();
    const position = this.envoy.output.position;
    writeDiscovery(this.folder, config, ++this.version);
    const after = await this.waitForUpdate(before);
    if (after.rejected === before.rejected) {
      this.current = text;
      this.refused = undefined;
      return;
    }
    const reason = await this.envoy.output.waitFor(/config update rejected: (.*)/, position);
    const detail = this.envoy.output.since(position).trim();
    const message = `Envoy refused the new configuration: ${reason?.[1] ?? "no reason in its log"}`;
    const error = new FilterwrightError("FW_ENVOY_UPDATE", message, { detail });
    this.refused = { text, error };
    throw error;
  }

  async stop(): Promise<void> {
    await this.envoy.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Envoy counts `config_reload` when all workers have the new filter, and a refusal in one of two ways. */
  private async updates(): Promise<{ applied: number; rejected: number }> {
    const stats = await this.envoy.admin.stats(`^${STATS.replaceAll(".", "\\.")}`);
    const get = (name: string) => stats[`${STATS}.${name}`] ?? 0;
    return { applied: get("config_reload"), rejected: get("update_rejected") + get("update_failure") };
  }

  private async waitForUpdate(before: {
    applied: number;
    rejected: number;
  }): Promise<{ applied: number; rejected: number }> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (Date.now() < deadline) {
      const now = await Promise.race([this.updates(), this.envoy.failure]);
      if (now.applied !== before.applied || now.rejected !== before.rejected) return now;
      await sleep(5);
    }
    throw new FilterwrightError(
      "FW_ENVOY_TIMEOUT",
      `Envoy took no notice of a new configuration within ${TIMEOUT_MS / 1000} s`,
      {
        detail: this.envoy.output.end(),
      },
    );
  }
}

/** Starts Envoy with a filter that does nothing in the place of the filters before the router. */
export async function startSwappable(options: StartOptions): Promise<SwappableEnvoy> {
  const folder = mkdtempSync(join(tmpdir(), "filterwright-ecds-"));
  writeDiscovery(folder, NO_FILTER, 0);
  const bootstrap: Bootstrap = {
    ...withFilters(options.bootstrap, [discoveredFilter(folder)]),
    node: { id: "filterwright", cluster: "filterwright" },
  };
  try {
    return new SwappableEnvoy(await startEnvoy({ ...options, bootstrap }), folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function discoveredFilter(folder: string): HttpFilter {
  return {
    name: NAME,
    config_discovery: {
      config_source: { path_config_source: { path: join(folder, "filter.json") }, resource_api_version: "V3" },
      type_urls: ["wasm.v3.Wasm", "lua.v3.Lua", "header_mutation.v3.HeaderMutation"].map(
        (type) => `${TYPE_PREFIX}.${type}`,
      ),
    },
  };
}

/** Envoy looks at a file again when another is moved over it, not when it is written to. */
function writeDiscovery(folder: string, config: TypedConfig, version: number): void {
  const resource = {
    "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
    name: NAME,
    typed_config: config,
  };
  const file = join(folder, `next-${version}.json`);
  writeFileSync(file, JSON.stringify({ version_info: String(version), resources: [resource] }));
  renameSync(file, join(folder, "filter.json"));
}
