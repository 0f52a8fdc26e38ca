import type { ChildProcess } from "node:child_process";

// Nothing that we start outlives us. A signal's default action would end us without the exit event.
const children = new Set<ChildProcess>();
let isWatching = false;

export function endWithUs(child: ChildProcess): void {
  children.add(child);
  child.once("exit", () => children.delete(child));
  if (isWatching) return;
  isWatching = true;
  process.once("exit", killAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.prependOnceListener(signal, () => {
      if (process.listenerCount(signal) > 0) return; // the program ends in its own way, by the exit event at the latest
      killAll();
      process.kill(process.pid, signal);
    });
  }
}

function killAll(): void {
  for (const child of children) child.kill("SIGKILL");
}
