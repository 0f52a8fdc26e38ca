import { readdirSync, readFileSync } from "node:fs";

// What Linux tells of a running process: proc(5).

/** Nanoseconds that all threads of a process have run. */
export function cpuNanoseconds(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((sum, task) => sum + Number(read(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]), 0);
}

/** KiB of memory that a process holds: RSS. */
export function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))![1]);
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}
