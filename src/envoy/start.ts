import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FilterwrightError } from "../errors.ts";
import { Admin } from "./admin.ts";
import { type Bootstrap, listeningAddresses } from "./bootstrap.ts";
import { endWithUs } from "./children.ts";
import { explainExit } from "./explain.ts";
import { type EnvoyBinary, findEnvoy } from "./find.ts";
import { expectLibrariesFor } from "./libraries.ts";
import { EnvoyOutput } from "./output.ts";
import { requireFreePorts } from "./ports.ts";

export interface StartOptions {
  /** What Envoy is to run. A port 0 is given out by the kernel. */
  bootstrap: Bootstrap;
  /** Relative paths in the configuration start here. Default: the working directory. */
  cwd?: string;
  /** Default: `findEnvoy()`. */
  envoy?: EnvoyBinary;
  /** A command that runs Envoy, such as `["valgrind", "--tool=callgrind"]`. */
  wrap?: string[];
  /** Worker threads. Default: 2. */
  concurrency?: number;
  /** Level of Envoy's log. Default: `info`. */
  logLevel?: string;
  /** Levels of parts of it, such as `wasm:debug`. */
  componentLogLevel?: string;
  /** Milliseconds until it must serve. Default: 30,000. */
  readyTimeout?: number;
}

/** An Envoy that serves. */
export class RunningEnvoy {
  readonly binary: EnvoyBinary;
  readonly admin: Admin;
  readonly output: EnvoyOutput;
  /** The ports of the listeners, by name. */
  readonly ports: Record<string, number>;
  /** Rejects with FW_ENVOY_EXITED when Envoy ends without having been asked to; race it against what needs Envoy. */
  readonly failure: Promise<never>;
  private readonly child: ChildProcess;
  private isStopping = false;

  constructor(
    binary: EnvoyBinary,
    child: ChildProcess,
    admin: Admin,
    output: EnvoyOutput,
    ports: Record<string, number>,
  ) {
    this.binary = binary;
    this.child = child;
    this.admin = admin;
    this.output = output;
    this.ports = ports;
    this.failure = new Promise((_, reject) => {
      child.once("close", (status, signal) => {
        if (this.isStopping) return;
        const message = `Envoy ended with ${signal ?? `status ${status}`} while it was in use`;
        reject(new FilterwrightError("FW_ENVOY_EXITED", message, { detail: output.end() }));
      });
    });
    this.failure.catch(() => {}); // whoever needs Envoy looks at it; nobody has to
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The port of the only listener. */
  get port(): number {
    const ports = Object.values(this.ports);
    if (ports.length !== 1) throw new Error(`expected one listener, found ${JSON.stringify(this.ports)}`);
    return ports[0]!;
  }

  /** For those whom Envoy gave no answer: gives the reason where it has ended. */
  async rethrowIfEnded(milliseconds = 200): Promise<void> {
    await Promise.race([this.failure, sleep(milliseconds)]);
  }

  /** Ends Envoy, hard if it takes longer than five seconds. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    await closed;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/**
 * Starts Envoy and waits until it serves.
 *
 * @throws FilterwrightError FW_PORT_BUSY, FW_AOT_LIBRARY, FW_ENVOY_CONFIG, FW_ENVOY_MODULE_MISSING, FW_ENVOY_TIMEOUT, and what
 * `findEnvoy` throws; what Envoy itself refuses with the end of its log
 */
export async function startEnvoy(options: StartOptions): Promise<RunningEnvoy> {
  const binary = options.envoy ?? (await findEnvoy());
  expectLibrariesFor(binary.version, options.bootstrap, options.cwd);
  await requireFreePorts(listeningAddresses(options.bootstrap));
  const work = mkdtempSync(join(tmpdir(), "filterwright-"));
  const configFile = join(work, "envoy.json");
  const adminFile = join(work, "admin-address");
  writeFileSync(configFile, JSON.stringify(options.bootstrap, null, 2));
  const flags = [
    ["--config-path", configFile],
    ["--admin-address-path", adminFile],
    ["--concurrency", String(options.concurrency ?? 2)],
    ["--log-level", options.logLevel ?? "info"],
    options.componentLogLevel === undefined ? [] : ["--component-log-level", options.componentLogLevel],
    ["--disable-hot-restart"], // else each needs a --base-id of its own
  ].flat();
  const [command = binary.path, ...args] = [...(options.wrap ?? []), binary.path, ...flags];
  const child = spawn(command, args, { cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"] });
  endWithUs(child);
  const output = new EnvoyOutput();
  output.collect(child.stdout);
  output.collect(child.stderr);
  try {
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      child.once("close", (status, signal) => resolve(`ended with ${signal ?? `status ${status}`}`));
    });
    const admin = await waitUntilReady(adminFile, ended, output, options);
    return new RunningEnvoy(binary, child, admin, output, await admin.listenerPorts());
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function waitUntilReady(
  adminFile: string,
  ended: Promise<string>,
  output: EnvoyOutput,
  options: StartOptions,
): Promise<Admin> {
  const timeout = options.readyTimeout ?? 30_000;
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    const end = await Promise.race([ended, sleep(15)]);
    if (typeof end === "string") throw explainExit(end, output);
    const admin = readAdmin(adminFile);
    if (admin && (await admin.isReady())) return admin;
  }
  throw new FilterwrightError("FW_ENVOY_TIMEOUT", `Envoy did not serve within ${timeout / 1000} s`, {
    detail: output.end(),
  });
}

/** Envoy writes its admin address, with the port that it got, when it listens there. */
function readAdmin(file: string): Admin | undefined {
  try {
    const address = readFileSync(file, "utf8").trim();
    return address === "" ? undefined : new Admin(`http://${address.replace(/^0\.0\.0\.0:/, "127.0.0.1:")}`);
  } catch {
    return undefined;
  }
}
