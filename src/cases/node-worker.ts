import { extname } from "node:path";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { FilterwrightError } from "../errors.ts";
import type { Reply, SessionWorker } from "./orders.ts";

/** `.ts` in the repository, `.js` in the published package. */
const WORKER = new URL(`./host-worker${extname(import.meta.filename)}`, import.meta.url);

/** A session in a thread of Node's. @param resourceLimits of its heap. Default: Node's */
export function nodeWorker(resourceLimits: ResourceLimits = {}): SessionWorker {
  const worker = new Worker(WORKER, { resourceLimits });
  worker.unref(); // a thread that has nothing to do keeps no program alive
  return {
    ask: (order) =>
      new Promise<Reply>((resolve, reject) => {
        const settle = (how: () => void) => {
          worker.off("error", onError).off("message", onReply).unref();
          how();
        };
        const onError = (error: NodeJS.ErrnoException) => settle(() => reject(named(error)));
        const onReply = (reply: Reply) => settle(() => resolve(reply));
        worker.on("error", onError).on("message", onReply).ref();
        worker.postMessage(order);
      }),
    terminate: () => worker.terminate(),
  };
}

function named(error: NodeJS.ErrnoException): Error {
  if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new FilterwrightError("FW_MEMORY_LIMIT", "the module filled the memory of the host's thread", {
    cause: error,
  });
}
