import { spawnSync } from "node:child_process";
import { packageFile } from "../../src/package-files.ts";

/** The words that start compose, `docker compose` or the older `docker-compose`, on our docker-compose.yml. */
export type ComposeCommand = readonly string[];

const INSTALL = `On Debian as root: bash test/compose/install-docker.sh
Elsewhere: install Docker Desktop, or Docker Engine with its compose plugin, and start it.`;

/** Something for the reader to put right: the message is enough, the stack would say nothing. */
export class DockerError extends Error {
  override readonly name = "DockerError";
}

/** @throws DockerError where docker, a daemon that answers, or compose is missing: which of them, and what to install */
export function findCompose(): ComposeCommand {
  const docker = tryRun(["docker", "--version"]);
  if (!docker.ok)
    throw new DockerError(`expected a docker command, but it cannot be run: ${docker.reason}\n${INSTALL}`);

  const daemon = tryRun(["docker", "version", "--format", "{{.Server.Version}}"]);
  if (!daemon.ok) throw new DockerError(`expected a docker daemon, but none answers: ${daemon.reason}\n${INSTALL}`);

  const candidates = [["docker", "compose"], ["docker-compose"]];
  const found = candidates.find((compose) => tryRun([...compose, "version"]).ok);
  if (!found) throw new DockerError(`expected docker compose or docker-compose, found neither\n${INSTALL}`);
  return [...found, "--file", packageFile("docker-compose.yml")];
}

export type Outcome = { ok: true; stdout: string } | { ok: false; reason: string };

/**
 * Runs a command to its end. This blocks, and so no signal can end us while the command is halfway: whoever starts
 * something gets to undo it.
 */
export function tryRun([command, ...args]: readonly string[], env = process.env, timeout = 60_000): Outcome {
  const { error, status, signal, stdout, stderr } = spawnSync(command!, args, {
    env,
    timeout,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error) return { ok: false, reason: error.message };
  if (status !== 0) return { ok: false, reason: stderr.trim() || `it ended with ${signal ?? `status ${status}`}` };
  return { ok: true, stdout: stdout.trim() };
}

/** @throws DockerError with what the command had to say */
export function run(command: readonly string[], env = process.env, timeout?: number): string {
  const outcome = tryRun(command, env, timeout);
  if (!outcome.ok) throw new DockerError(`${command.join(" ")} failed:\n${outcome.reason}`);
  return outcome.stdout;
}
