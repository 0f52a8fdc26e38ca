import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { send } from "../cases/send.ts";
import type { Bootstrap } from "../envoy/bootstrap.ts";
import { startEnvoy } from "../envoy/start.ts";
import { FilterwrightError } from "../errors.ts";
import { openStreams } from "./open-streams.ts";
import type { BenchRequest } from "./request.ts";

export interface MeasureOptions {
  bootstrap: Bootstrap;
  /** Requests before anything is counted: V8 compiles and caches fill. */
  warmUp: number;
  /** Requests over which instructions are counted. */
  count: number;
  request: BenchRequest;
  /** Other streams that are open meanwhile; the configuration needs `holdFilter`. Default: none. */
  openStreams?: number;
}

/** How often the requests are counted; the least of it counts. */
const ROUNDS = 3;

/**
 * Instructions that Envoy executes for one request, V8 included, under valgrind's callgrind. The clock of a shared machine
 * differs by a fifth from run to run; this differs by less than a thousandth.
 *
 * @throws FilterwrightError FW_BENCH_TOOL where valgrind is missing
 */
export async function instructionsPerRequest(options: MeasureOptions): Promise<number> {
  requireValgrind();
  const folder = mkdtempSync(join(tmpdir(), "filterwright-bench-"));
  const out = join(folder, "callgrind.out");
  const wrap = [
    "valgrind",
    "--tool=callgrind",
    "--smc-check=all-non-file",
    "--instr-atstart=no",
    `--callgrind-out-file=${out}`,
  ];
  const envoy = await startEnvoy({
    bootstrap: options.bootstrap,
    wrap,
    concurrency: 1,
    logLevel: "critical",
    readyTimeout: 300_000,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const control = (...args: string[]) =>
    void execFileSync("callgrind_control", [...args, String(envoy.pid)], { stdio: "pipe" });
  const requests = async (count: number) => {
    const request = { method: "GET", ...options.request, body: "" };
    for (let i = 0; i < count; i++) await send({ host: "127.0.0.1", port: envoy.port, agent }, request);
  };
  const active = async () =>
    (await envoy.admin.stats("^http\\.demo\\.downstream_rq_active$"))["http.demo.downstream_rq_active"] ?? 0;
  const closeStreams = await openStreams(envoy.port, options.openStreams ?? 0, active);
  try {
    await requests(options.warmUp);
    await sleep(3000); // V8 compiles in the background
    control("--instr=on");
    await requests(200);
    const rounds: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      control("--zero");
      await requests(options.count);
      const before = new Set(readdirSync(folder));
      control("--dump");
      const dump = readdirSync(folder).find((file) => !before.has(file))!;
      rounds.push(Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(join(folder, dump), "utf8"))![1]));
    }
    control("--instr=off");
    // Envoy's own timers only ever add, the more of them the busier the machine.
    return Math.min(...rounds) / options.count;
  } finally {
    closeStreams();
    agent.destroy();
    await envoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function requireValgrind(): void {
  try {
    execFileSync("valgrind", ["--version"], { stdio: "pipe" });
  } catch (cause) {
    throw new FilterwrightError("FW_BENCH_TOOL", "expected valgrind, which counts instructions, found none", {
      hint: "Debian and Ubuntu: apt-get install valgrind",
      cause,
    });
  }
}
