import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { loadAsc } from "./asc.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import Transform from "./transform.ts";

export interface CompileOptions {
  /** The project's root: asc's base directory. */
  root: string;
  /** Entry file, relative to the root. */
  entry: string;
  /** Name of the `.wasm`. */
  outFile: string;
  /** An asconfig.json. */
  config: string;
  /** A target of that asconfig. */
  target: string;
  /** Whether our asc transform is applied; false for what plain asc makes. */
  transforms: boolean;
}

export interface Compiled {
  /** What is to be written: the module and its source map, by name. */
  outputs: Map<string, Uint8Array | string>;
  /** SHA-256 of every file that asc read, by absolute path; null for one that it looked for in vain. */
  inputs: Map<string, string | null>;
  /** asc's warnings, formatted; empty without any. */
  warnings: string;
}

/**
 * Compiles one entry file with asc's programmatic API.
 *
 * @throws FilterwrightError FW_BUILD_FAILED with every diagnostic as `FILE:LINE:COLUMN error ASnnn: ...`
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const asc = await loadAsc();
  const outputs: Compiled["outputs"] = new Map();
  const inputs: Compiled["inputs"] = new Map();
  let said = "";
  const flags = [
    ["--baseDir", options.root],
    ["--config", options.config],
    ["--target", options.target],
    ["--outFile", options.outFile],
    ["--noColors"],
  ].flat();
  const compiling = asc([options.entry, ...flags], {
    stdout: { write: (text) => void (said += text) },
    stderr: { write: (text) => void (said += text) },
    async readFile(name, folder) {
      const path = resolve(folder, name);
      const bytes = await readFile(path).catch(() => null);
      inputs.set(path, bytes && sha256(bytes));
      return bytes && bytes.toString("utf8");
    },
    writeFile(name, contents) {
      outputs.set(name, contents);
    },
    transforms: options.transforms ? [Transform] : [],
    async listFiles(name, folder) {
      const files = await readdir(resolve(folder, name)).catch(() => null);
      return files?.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")) ?? null;
    },
  });
  // asc throws what it finds wrong with asconfig.json.
  const { error } = await compiling.catch((thrown: Error) => ({ error: thrown }));
  const diagnostics = formatDiagnostics(said);
  if (error) {
    throw new FilterwrightError("FW_BUILD_FAILED", `${options.entry} does not compile`, {
      detail: diagnostics || error.message,
      ...(diagnostics.includes("'abort_proc_exit' not found") && { hint: MISSING_RUNTIME }),
      cause: error,
    });
  }
  return { outputs, inputs, warnings: diagnostics };
}

const MISSING_RUNTIME = `A filter imports the runtime, which brings abort_proc_exit:
  import { RootContext, Context, registerRootContext } from "@solo-io/proxy-runtime";`;

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
