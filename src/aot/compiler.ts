import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { FilterwrightError } from "../errors.ts";

/** A C compiler that runs here, and what it is to be told to build for a platform. */
export interface Compiler {
  command: string;
  args: string[];
  /** What it answers to `--version`. */
  version: string;
}

/** The compilers that a machine may have, the first that runs is taken. */
const CANDIDATES = ["cc", "gcc", "clang"];

/**
 * Finds a C compiler for this machine: `CC`, else `cc`, `gcc` or `clang` of the `PATH`.
 *
 * @throws FilterwrightError FW_AOT_COMPILER
 */
export async function findCompiler(env: NodeJS.ProcessEnv = process.env): Promise<Compiler> {
  const chosen = env["CC"];
  for (const command of chosen ? [chosen] : CANDIDATES) {
    const version = await versionOf(command);
    if (version !== undefined) return { command, args: [], version };
  }
  const found = chosen ? `CC is ${chosen}, which does not run` : `none of ${CANDIDATES.join(", ")} runs`;
  throw new FilterwrightError("FW_AOT_COMPILER", `expected a C compiler: ${found}`, {
    hint: "Install one: apt-get install gcc, or xcode-select --install.",
  });
}

async function versionOf(command: string): Promise<string | undefined> {
  return promisify(execFile)(command, ["--version"]).then(
    ({ stdout }) => stdout.split("\n")[0],
    () => undefined,
  );
}
