// The thread of `startHostRun`.
import { parentPort, workerData } from "node:worker_threads";
import { FilterwrightError } from "../errors.ts";
import type { Entries } from "./journal.ts";
import type { Report } from "./report.ts";
import { type RunOptions, startRun } from "./run.ts";

/** What it tells. */
export type Message =
  | { started: { title: string; port: number } }
  | { report: Report }
  | { entries: Entries }
  /** In the parts that a thread can send. */
  | { error: Pick<FilterwrightError, "code" | "message" | "hint" | "detail"> }
  | { isAlive: true };

const ALIVE_MS = 500;

const tell = (message: Message) => parentPort!.postMessage(message);

setInterval(() => tell({ isAlive: true }), ALIVE_MS);
try {
  const { title, port, failure } = await startRun({
    ...(workerData as Omit<RunOptions, "onReport" | "onEntries">),
    onReport: (report) => tell({ report }),
    onEntries: (entries) => tell({ entries }),
  });
  tell({ started: { title, port } });
  await failure;
} catch (error) {
  if (!(error instanceof FilterwrightError)) throw error;
  const { code, message, hint, detail } = error;
  tell({ error: { code, message, hint, detail } });
}
