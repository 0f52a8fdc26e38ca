import { setTimeout as sleep } from "node:timers/promises";
import { type LogLine, pluginLog } from "../src/cases/backend.ts";
import type { RunningEnvoy } from "../src/envoy/start.ts";

/** What plugins log while something runs, and in the moment after it: the log comes through a pipe. */
export async function loggedWhile({ output }: RunningEnvoy, action: () => Promise<unknown>): Promise<LogLine[]> {
  const position = output.position;
  await action();
  await sleep(150);
  return pluginLog(output.since(position));
}
