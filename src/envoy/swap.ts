import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FilterwrightError } from "../errors.ts";
import { type Bootstrap, type HttpFilter, withFilters } from "./bootstrap.ts";
import { expectLibrariesFor } from "./libraries.ts";
import { type RunningEnvoy, type StartOptions, startEnvoy } from "./start.ts";

/** The one filter before the router, whose configuration Envoy discovers in a file (ECDS): its name, if it has no other. */
const NAME = "swappable";
const TYPE_PREFIX = "type.googleapis.com/envoy.extensions.filters.http";
/** A filter that does nothing. */
export const NO_FILTER: TypedConfig = { "@type": `${TYPE_PREFIX}.header_mutation.v3.HeaderMutation` };
/** A large module takes Envoy seconds to compile. */
const TIMEOUT_MS = 30_000;

/** The `typed_config` of an HTTP filter. */
export type TypedConfig = { "@type": string; [field: string]: unknown };

/** An Envoy whose filter can be exchanged while it runs, as a control plane does it, without a restart. */
export class SwappableEnvoy {
  readonly envoy: RunningEnvoy;
  private readonly folder: string;
  /** Of the filter. */
  private readonly name: string;
  private current = JSON.stringify(NO_FILTER);
  private refused: { text: string; error: FilterwrightError } | undefined;
  private version = 0;

  constructor(envoy: RunningEnvoy, folder: string, name = NAME) {
    this.envoy = envoy;
    this.folder = folder;
    this.name = name;
  }

  /**
   * Puts a filter in the place of the one before; it is in force on every worker when this returns.
   *
   * @param config a Wasm, dynamic-modules, Lua or header_mutation filter
   * @throws FilterwrightError FW_AOT_LIBRARY, and FW_ENVOY_UPDATE with what Envoy logged; the filter before goes on serving
   */
  async swap(config: TypedConfig): Promise<void> {
    expectLibrariesFor(this.envoy.binary.version, config);
    const text = JSON.stringify(config);
    // Envoy takes no notice of a configuration that is the same as the last it was given, accepted or refused.
    if (this.refused?.text === text) throw this.refused.error;
    if (this.current === text && !this.refused) return;
    const before = await this.updates();
    const position = this.envoy.output.position;
    writeDiscovery(this.folder, this.name, config, ++this.version);
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
    const prefix = `extension_config_discovery.http_filter.${this.name}.`;
    const stats = await this.envoy.admin.stats(`^${prefix.replaceAll(".", "\\.")}`);
    const get = (name: string) => stats[prefix + name] ?? 0;
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
  const envoy = await startDiscovering(options, folder, () => NAME);
  return new SwappableEnvoy(envoy, folder);
}

/**
 * Starts an Envoy with a filter of its own for each listener, by the listeners' names. They are one process: when one has been
 * stopped, all have.
 */
export async function startSwappables(options: StartOptions): Promise<Record<string, SwappableEnvoy>> {
  const folder = mkdtempSync(join(tmpdir(), "filterwright-ecds-"));
  const envoy = await startDiscovering(options, folder, (listener) => listener);
  return Object.fromEntries(
    options.bootstrap.static_resources.listeners.map(({ name }) => [name, new SwappableEnvoy(envoy, folder, name)]),
  );
}

/** @param nameOf the name of the filter that a listener has */
async function startDiscovering(
  options: StartOptions,
  folder: string,
  nameOf: (listener: string) => string,
): Promise<RunningEnvoy> {
  const { static_resources: resources } = options.bootstrap;
  const listeners = resources.listeners.flatMap((listener) => {
    const name = nameOf(listener.name);
    writeDiscovery(folder, name, NO_FILTER, 0);
    const alone = { ...options.bootstrap, static_resources: { listeners: [listener] } };
    return withFilters(alone, [discoveredFilter(folder, name)]).static_resources.listeners;
  });
  const bootstrap: Bootstrap = {
    ...options.bootstrap,
    static_resources: { ...resources, listeners },
    node: { id: "filterwright", cluster: "filterwright" },
  };
  try {
    return await startEnvoy({ ...options, bootstrap });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function discoveredFilter(folder: string, name: string): HttpFilter {
  return {
    name,
    config_discovery: {
      config_source: { path_config_source: { path: join(folder, `${name}.json`) }, resource_api_version: "V3" },
      type_urls: [
        "wasm.v3.Wasm",
        "dynamic_modules.v3.DynamicModuleFilter",
        "lua.v3.Lua",
        "header_mutation.v3.HeaderMutation",
      ].map((type) => `${TYPE_PREFIX}.${type}`),
    },
  };
}

/** Envoy looks at a file again when another is moved over it, not when it is written to. */
function writeDiscovery(folder: string, name: string, config: TypedConfig, version: number): void {
  const resource = {
    "@type": "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
    name,
    typed_config: config,
  };
  const file = join(folder, `${name}-${version}.json`);
  writeFileSync(file, JSON.stringify({ version_info: String(version), resources: [resource] }));
  renameSync(file, join(folder, `${name}.json`));
}
