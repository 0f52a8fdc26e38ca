import { readFileSync } from "node:fs";
import { FilterwrightError } from "../errors.ts";
import { configRefused, type PluginOptions } from "../host/index.ts";
import type { Backend, Exchange, Readiness } from "./backend.ts";
import type { Case, CaseFile } from "./case-file.ts";
import type { HostSetup } from "./host-session.ts";
import { bootstrapPlugins, filterPlugin } from "./host-plugins.ts";
import { nodeProcess } from "./node-process.ts";
import { type Order, type SessionWorker, valueOf } from "./orders.ts";
import { requireModule } from "./swappable-backend.ts";

/** Milliseconds that a module may take for one case. */
const TIME_LIMIT_MS = 10_000;

/** The TypeScript host in a process or a worker of its own, which is ended, and begun again, where a module never returns. */
export class HostRunner {
  private readonly timeLimit: number;
  private readonly start: () => SessionWorker;
  private worker: SessionWorker | undefined;

  constructor(timeLimit = TIME_LIMIT_MS, start: () => SessionWorker = () => nodeProcess()) {
    this.timeLimit = timeLimit;
    this.start = start;
  }

  prepare(setup: HostSetup): Promise<Readiness> {
    return this.ask({ prepare: setup }) as Promise<Readiness>;
  }

  exchange({ request, upstream, expect }: Case): Promise<Exchange> {
    return this.ask({ exchange: { request, upstream, expect } }) as Promise<Exchange>;
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined; // the next order begins another
    await worker?.terminate();
  }

  /** @throws FilterwrightError FW_TIME_LIMIT, FW_MEMORY_LIMIT, and what the session throws */
  private async ask(order: Order): Promise<unknown> {
    const worker = (this.worker ??= this.start());
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.close();
        const message = `the module did not return within ${this.timeLimit / 1000} s`;
        reject(new FilterwrightError("FW_TIME_LIMIT", message));
      }, this.timeLimit);
    });
    try {
      const reply = worker.ask(order).catch((error: unknown) => {
        if (this.worker === worker) this.worker = undefined; // it has ended
        throw error;
      });
      return valueOf(await Promise.race([reply, limit]));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Runs cases on the TypeScript host. */
export function hostBackend({ setup }: CaseFile, runner: HostRunner): Backend {
  const modules = new Map<string, Uint8Array>();
  const readModule = (file: string): Uint8Array => {
    requireModule(file);
    const bytes = modules.get(file) ?? new Uint8Array(readFileSync(file)); // a Buffer stays in Node
    modules.set(file, bytes);
    return bytes;
  };
  const fromFile = setup.kind === "envoy" ? bootstrapPlugins(setup, readModule) : undefined;
  const pluginsFor = ({ config }: Case): PluginOptions[] | string => {
    if (setup.kind === "filter") return [filterPlugin(setup, config ?? setup.config, readModule)];
    return config === undefined ? fromFile! : "its configuration cannot be changed";
  };
  return {
    name: "host",
    async prepare(testCase): Promise<Readiness> {
      const plugins = pluginsFor(testCase);
      if (typeof plugins === "string") return { state: "skip", reason: plugins };
      const readiness = await runner.prepare({ plugins, clock: testCase.clock });
      if (readiness.state !== "rejected" || testCase.expect.rejected !== undefined) return readiness;
      throw configRefused(readiness.log);
    },
    exchange: (testCase) => runner.exchange(testCase),
    close: async () => {},
  };
}
