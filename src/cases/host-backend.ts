import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { FilterwrightError } from "../errors.ts";
import { configRefused, type PluginOptions } from "../host/index.ts";
import type { Backend, Exchange, Readiness } from "./backend.ts";
import type { Case, CaseFile } from "./case-file.ts";
import type { HostSetup } from "./host-session.ts";
import { bootstrapPlugins, filterPlugin } from "./host-plugins.ts";
import type { Order, Reply } from "./host-worker.ts";
import { requireModule } from "./swappable-backend.ts";

/** `.ts` in the repository, `.js` in the published package. */
const WORKER = new URL(`./host-worker${extname(import.meta.filename)}`, import.meta.url);
/** Milliseconds that a module may take for one case. */
const TIME_LIMIT_MS = 10_000;

/** The TypeScript host in a thread, which is ended, and begun again, where a module never returns. */
export class HostThread {
  private readonly timeLimit: number;
  private worker: Worker | undefined;

  constructor(timeLimit = TIME_LIMIT_MS) {
    this.timeLimit = timeLimit;
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

  /** @throws FilterwrightError FW_TIME_LIMIT, and what the session throws */
  private ask(order: Order): Promise<unknown> {
    const worker = (this.worker ??= new Worker(WORKER));
    return new Promise((resolve, reject) => {
      const onTimeout = () => {
        void this.close();
        const message = `the module did not return within ${this.timeLimit / 1000} s`;
        settle(() => reject(new FilterwrightError("FW_TIME_LIMIT", message)));
      };
      const onError = (error: Error) => {
        this.worker = undefined;
        settle(() => reject(error));
      };
      const onReply = (reply: Reply) =>
        settle(() => ("value" in reply ? resolve(reply.value) : reject(rebuilt(reply.error))));
      const timer = setTimeout(onTimeout, this.timeLimit);
      const settle = (how: () => void) => {
        clearTimeout(timer);
        worker.off("error", onError).off("message", onReply);
        worker.unref(); // a thread that has nothing to do keeps no program alive
        how();
      };
      worker.on("error", onError).on("message", onReply);
      worker.ref();
      worker.postMessage(order);
    });
  }
}

function rebuilt({ code, message, hint, detail }: Extract<Reply, { error: unknown }>["error"]): FilterwrightError {
  return new FilterwrightError(code, message, { ...(hint && { hint }), ...(detail && { detail }) });
}

/** Runs cases on the TypeScript host. */
export function hostBackend({ setup }: CaseFile, thread: HostThread): Backend {
  const modules = new Map<string, Uint8Array>();
  const readModule = (file: string): Uint8Array => {
    requireModule(file);
    const bytes = modules.get(file) ?? readFileSync(file);
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
      const readiness = await thread.prepare({ plugins, clock: testCase.clock });
      if (readiness.state !== "rejected" || testCase.expect.rejected !== undefined) return readiness;
      throw configRefused(readiness.log);
    },
    exchange: (testCase) => thread.exchange(testCase),
    close: async () => {},
  };
}
