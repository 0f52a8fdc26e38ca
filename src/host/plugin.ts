import { FilterwrightError } from "../errors.ts";
import { HttpStream } from "./http-stream.ts";
import type { StreamOptions } from "./stream-options.ts";
import type { PluginContext } from "./plugin-context.ts";
import type { Attribute } from "./property.ts";

/** `envoy.extensions.wasm.v3.FailurePolicy`: what becomes of requests when the module has trapped. */
export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

/** `envoy.extensions.wasm.v3.PluginConfig`. */
export interface PluginOptions {
  /** The module. Plugins of one `vmId`, `vmConfiguration`, `environment` and module share a VM. */
  wasm: Uint8Array;
  name?: string;
  rootId?: string;
  vmId?: string;
  /** Text, or bytes. Default: none. */
  configuration?: string | Uint8Array;
  vmConfiguration?: string | Uint8Array;
  environment?: Record<string, string>;
  /** `capability_restriction_config`: names of the host calls and callbacks that are allowed. Default: all. */
  capabilities?: string[];
  /** Default: FAIL_CLOSED, as Envoy's. */
  failurePolicy?: FailurePolicy;
  /** Milliseconds after a VM's start within which FAIL_RELOAD starts no other. Default: 1000. */
  reloadBackoff?: number;
  /** Whether StopIteration of a header callback lets body callbacks go on. Default: false: it holds everything. */
  allowOnHeadersStopIteration?: boolean;
  /** Attributes that the plugin and all its streams see. */
  attributes?: Record<string, Attribute>;
}

/** A plugin that is configured. */
export class Plugin {
  /** Of the VM that it is in now. */
  context: PluginContext;
  /** New VMs after traps: how often one was started, could not be, or was not due yet. Envoy's `vm_reload_*` counters. */
  readonly reloads = { success: 0, failure: 0, backoff: 0 };
  private readonly options: PluginOptions;
  private readonly start: () => PluginContext;
  private startedAt: bigint;

  /** @param start configures it in a VM that has not failed @throws FilterwrightError what `Host.load` throws */
  constructor(options: PluginOptions, start: () => PluginContext) {
    this.options = options;
    this.start = start;
    this.context = start();
    this.startedAt = this.now();
  }

  /** Bytes of the module's memory. */
  get memorySize(): number {
    return this.context.vm.memory.size;
  }

  /** A stream through this plugin alone. */
  openStream(options: StreamOptions = {}): HttpStream {
    return new HttpStream(this.context.vm.services.loop, [this.forStream()], options);
  }

  /**
   * What a new stream needs of it; after a trap, and if it is due, in a new VM. FAIL_OPEN is for streams that begin after a trap:
   * Envoy leaves the filter out of them, and answers those that were under way, as under any policy.
   */
  forStream(): { context: PluginContext; failsOpen: boolean } {
    const { failurePolicy } = this.options;
    if (failurePolicy === "FAIL_RELOAD" && this.context.vm.failure?.code === "FW_TRAP") this.reload();
    const failsOpen = failurePolicy === "FAIL_OPEN" && this.context.vm.failure !== undefined;
    return { context: this.context, failsOpen };
  }

  /** Another configuration has taken its place. */
  end(): void {
    this.context.end();
  }

  private reload(): void {
    if (this.now() - this.startedAt < BigInt(this.options.reloadBackoff ?? 1000) * 1_000_000n) {
      this.reloads.backoff++;
      return;
    }
    this.startedAt = this.now();
    try {
      this.context = this.start();
      this.reloads.success++;
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      this.reloads.failure++;
    }
  }

  private now(): bigint {
    return this.context.vm.services.now();
  }
}
