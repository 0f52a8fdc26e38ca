import type { Bootstrap } from "../envoy/bootstrap.ts";
import { startEnvoy } from "../envoy/start.ts";
import { cpuNanoseconds } from "./process.ts";
import { sendMany } from "./send-many.ts";
import type { BenchRequest } from "./request.ts";

const WARM_UP = 20_000;
const ROUNDS = 8;
const REQUESTS = 10_000;

/**
 * Microseconds of processor time that one configuration of Envoy takes for a request more than another. Their rounds take
 * turns and the quickest of each counts: what else a machine does only ever adds.
 */
export async function cpuAdded(base: Bootstrap, other: Bootstrap, request: BenchRequest): Promise<number> {
  const options = { concurrency: 1, logLevel: "critical" };
  const envoys = [await startEnvoy({ ...options, bootstrap: base })];
  try {
    envoys.push(await startEnvoy({ ...options, bootstrap: other }));
    for (const { port } of envoys) await sendMany(port, WARM_UP, request);
    const quickest = envoys.map(() => Infinity);
    for (let i = 0; i < ROUNDS; i++) {
      for (const [which, { pid, port }] of envoys.entries()) {
        const before = cpuNanoseconds(pid);
        await sendMany(port, REQUESTS, request);
        quickest[which] = Math.min(quickest[which]!, (cpuNanoseconds(pid) - before) / REQUESTS / 1000);
      }
    }
    return quickest[1]! - quickest[0]!;
  } finally {
    for (const envoy of envoys) await envoy.stop();
  }
}
