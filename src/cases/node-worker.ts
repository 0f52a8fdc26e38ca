import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Reply, SessionWorker } from "./orders.ts";

/** `.ts` in the repository, `.js` in the published package. */
const WORKER = new URL(`./host-worker${extname(import.meta.filename)}`, import.meta.url);

/** A session in a thread of Node's. */
export function nodeWorker(): SessionWorker {
  const worker = new Worker(WORKER);
  worker.unref(); // a thread that has nothing to do keeps no program alive
  return {
    ask: (order) =>
      new Promise<Reply>((resolve, reject) => {
        const settle = (how: () => void) => {
          worker.off("error", onError).off("message", onReply).unref();
          how();
        };
        const onError = (error: Error) => settle(() => reject(error));
        const onReply = (reply: Reply) => settle(() => resolve(reply));
        worker.on("error", onError).on("message", onReply).ref();
        worker.postMessage(order);
      }),
    terminate: () => worker.terminate(),
  };
}
