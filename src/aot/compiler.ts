import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache-folder.ts";
import { FilterwrightError } from "../errors.ts";
import { TARGETS, type TargetName, thisTarget } from "./targets.ts";
import { findZig, ZIG_VERSION } from "./zig.ts";

/** A C compiler that runs here. */
export interface Compiler {
  command: string;
  /** What it is to be told before all else. */
  args: string[];
  /** Variables that it needs beside ours. */
  env: NodeJS.ProcessEnv;
  /** What it answers to `--version`. */
  version: string;
  /** What it builds for. */
  target: TargetName;
}

/** The compilers that a machine may have, the first that runs is taken. */
const CANDIDATES = ["cc", "gcc", "clang"];

/**
 * Finds a C compiler. For this machine that is `CC`, else `cc`, `gcc` or `clang` of the `PATH`, else zig's. For a target that is named, this
 * machine's or not, it is zig's, which is pinned: a module becomes the same library wherever it is built.
 *
 * @param named where the library is to run; default: here
 * @throws FilterwrightError FW_AOT_COMPILER
 */
export async function findCompiler(named?: TargetName, env: NodeJS.ProcessEnv = process.env): Promise<Compiler> {
  const target = named ?? thisTarget();
  const own = named === undefined ? await ownCompiler(target, env) : undefined;
  return own ?? (await zigCompiler(target, env, named === undefined));
}

async function ownCompiler(target: TargetName, env: NodeJS.ProcessEnv): Promise<Compiler | undefined> {
  const chosen = env["CC"];
  // CC may have options, or name a program that runs the compiler.
  for (const [command, ...args] of chosen ? [[chosen], chosen.trim().split(/\s+/)] : CANDIDATES.map((it) => [it])) {
    const version = await versionOf(command!, args);
    if (version !== undefined) return { command: command!, args, env: {}, version, target };
  }
  if (!chosen) return undefined;
  throw new FilterwrightError("FW_AOT_COMPILER", `expected a C compiler: CC is ${chosen}, which does not run`, {
    hint: "Let CC name one, or unset it.",
  });
}

async function zigCompiler(target: TargetName, env: NodeJS.ProcessEnv, isLastResort: boolean): Promise<Compiler> {
  const cache = cacheFolder(env);
  const zig = await findZig(cache).catch((error: unknown) => {
    if (!(error instanceof FilterwrightError)) throw error;
    const tried = isLastResort ? `none of ${CANDIDATES.join(", ")} runs, and ` : "";
    const message = `expected a C compiler: ${tried}the wheel ziglang ${ZIG_VERSION} is not to be had: ${error.message}`;
    throw new FilterwrightError("FW_AOT_COMPILER", message, {
      ...(error.detail !== undefined && { detail: error.detail }),
      hint: "Install one: apt-get install gcc, or xcode-select --install. For another --target: Python with pip.",
      cause: error,
    });
  });
  const caches = join(cache, "zig", "cache");
  return {
    command: zig,
    // zig's own checks of undefined behaviour are off: the other compilers have none either.
    args: ["cc", "-target", TARGETS[target].zig, "-fno-sanitize=all"],
    env: { ZIG_GLOBAL_CACHE_DIR: caches, ZIG_LOCAL_CACHE_DIR: caches },
    version: `zig ${ZIG_VERSION}`,
    target,
  };
}

async function versionOf(command: string, args: string[]): Promise<string | undefined> {
  return promisify(execFile)(command, [...args, "--version"]).then(
    ({ stdout }) => stdout.split("\n")[0],
    () => undefined,
  );
}
