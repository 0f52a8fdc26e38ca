import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { FilterwrightError } from "../errors.ts";
import type { Message } from "./host-run-worker.ts";
import type { Run, RunOptions } from "./run.ts";

/** `.ts` in the repository, `.js` in the published package. */
const WORKER = new URL(`./host-run-worker${extname(import.meta.filename)}`, import.meta.url);
/** Milliseconds that a module may take for a callback. */
const TIME_LIMIT_MS = 10_000;

/**
 * `startRun` on the TypeScript host, in a thread: a module that never returns can be ended.
 *
 * @param timeLimit milliseconds
 * @throws FilterwrightError what `startRun` throws, and FW_TIME_LIMIT
 */
export function startHostRun(
  { onReport, onEntries, ...options }: Omit<RunOptions, "envoy">,
  timeLimit = TIME_LIMIT_MS,
): Promise<Run> {
  const worker = new Worker(WORKER, { workerData: options });
  let timer: NodeJS.Timeout;
  const close = async () => {
    clearTimeout(timer);
    await worker.terminate();
  };
  return new Promise((start, refuse) => {
    const failure = new Promise<never>((_, reject) => {
      const fail = (error: Error) => {
        void close();
        refuse(error); // nothing comes of it where it has started
        reject(error);
      };
      const message = `the module did not return within ${timeLimit / 1000} s`;
      timer = setTimeout(() => fail(new FilterwrightError("FW_TIME_LIMIT", message)), timeLimit);
      worker.on("error", fail);
      worker.on("message", (news: Message) => {
        timer.refresh(); // it lives
        if ("started" in news) start({ ...news.started, failure, close });
        else if ("report" in news) onReport(news.report);
        else if ("entries" in news) onEntries(news.entries);
        else if ("error" in news) fail(rebuilt(news.error));
      });
    });
    failure.catch(() => {}); // whoever runs it looks at it; nobody has to
  });
}

function rebuilt({ code, message, hint, detail }: Extract<Message, { error: unknown }>["error"]): FilterwrightError {
  return new FilterwrightError(code, message, { ...(hint && { hint }), ...(detail && { detail }) });
}
