import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { CaseRequest } from "../../src/cases/case-file.ts";
import { send } from "../../src/cases/send.ts";
import type { Response } from "../../src/echo/exchange.ts";
import { projectRoot } from "../guest-module.ts";

/** `filterwright run`, as a person runs it. */
export interface Running {
  stdout: string;
  stderr: string;
  port: number;
  send(request?: Partial<CaseRequest>): Promise<Response>;
  /** Presses Control-C. @returns the exit status */
  interrupt(): Promise<number | null>;
  /** What it printed to stdout, without what differs from run to run. */
  text(): string;
}

export async function startFilterwright(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const command = [join(projectRoot, "src/cli/main.ts"), "run", ...args, "--port", "0"];
  const child = spawn(process.execPath, command, { cwd: projectRoot, env: { ...process.env, ...env } });
  onTestFinished(async () => {
    // Not SIGKILL, which it could not pass on to its Envoy.
    if (child.exitCode === null && child.signalCode === null && child.kill("SIGINT")) await once(child, "exit");
  });
  const running: Running = {
    stdout: "",
    stderr: "",
    port: 0,
    send: (request = {}) =>
      send(
        { host: "127.0.0.1", port: running.port },
        { method: "GET", path: "/", authority: "example.com", headers: [], body: "", ...request },
      ),
    async interrupt() {
      const exited = once(child, "exit");
      child.kill("SIGINT");
      return (await exited)[0] as number | null;
    },
    text: () =>
      running.stdout
        .replaceAll(String(running.port), "PORT")
        .replace(/\d+ ms$/gm, "N ms")
        .replace(/\(\d+:\d+\)$/gm, "(N:N)")
        .replace(/Envoy [\d.]+/, "Envoy 1.40.0"),
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (running.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (running.stderr += chunk));
  await expect.poll(() => running.stdout + running.stderr, { timeout: 20_000 }).toContain("Control-C ends it.");
  running.port = Number(/curl -i http:\/\/127\.0\.0\.1:(\d+)/.exec(running.stdout + running.stderr)![1]);
  return running;
}
