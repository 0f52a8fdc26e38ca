import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { findEnvoy } from "../envoy/find.ts";
import { FilterwrightError } from "../errors.ts";
import type { Backend } from "./backend.ts";
import { type BackendName, BACKENDS, type Case, type CaseFile, configuredAs } from "./case-file.ts";
import { Backends } from "./open.ts";
import { readCaseFile } from "./read.ts";
import { type CaseResult, runCase } from "./run.ts";

export interface RunOptions {
  /** Where to run, of those that a file names. Default: all of them. */
  on?: BackendName[] | undefined;
  /** Runs only cases whose names match. */
  only?: RegExp | undefined;
  /** Such as `1.36.2`. Default: whichever Envoy `findEnvoy` finds. */
  envoyVersion?: string | undefined;
  /** Where filters that files name are built. Default: `build`. */
  buildDir?: string | undefined;
}

/** What came of one case on one back end. */
export interface CaseReport {
  /** Path of the case file. */
  file: string;
  /** Line of the case in it. */
  line: number;
  case: string;
  backend: BackendName;
  result: CaseResult;
  /** Of a failure on a real Envoy: what Envoy logged meanwhile. */
  envoyLog?: string;
}

/**
 * Runs the cases of files, one after the other, on every back end.
 *
 * @param paths files, and folders whose `.yaml` files are meant
 * @throws FilterwrightError FW_CASE_FILE, FW_CONFIG_FILE; what `startEnvoy` throws. What goes wrong in a case is its result.
 */
export async function* runFiles(paths: readonly string[], options: RunOptions = {}): AsyncGenerator<CaseReport> {
  const files = casePaths(paths).map((path) =>
    readCaseFile(path, options.buildDir === undefined ? {} : { buildDir: options.buildDir }),
  );
  const version = options.envoyVersion;
  const envoy = version === undefined ? undefined : await findEnvoy(process.env, undefined, version);
  await using backends = new Backends({ ...(envoy && { envoy }) });
  for (const file of files) {
    for (const name of backendsOf(file, options.on)) {
      const backend = await backends.open(file, name);
      for (const testCase of file.cases) {
        if (options.only?.test(testCase.name) ?? true) yield await reportCase(file, backend, testCase);
      }
    }
  }
}

/** Where the cases of a file run. What runs as Wasm runs compiled ahead of time, too, if it is asked for. @param on default: where the file says */
export function backendsOf({ backends }: CaseFile, on: readonly BackendName[] = backends): BackendName[] {
  return BACKENDS.filter((name) => on.includes(name) && backends.includes(configuredAs(name)));
}

/** @throws FilterwrightError FW_CONFIG_FILE for what is not there, FW_USAGE where there is no case file at all */
export function casePaths(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .map((name) => join(path, name));
  });
  if (files.length > 0) return files;
  throw new FilterwrightError("FW_USAGE", `expected case files, found no .yaml in ${paths.join(", ")}`);
}

/** Runs one case, whatever comes of it. */
export async function reportCase(file: CaseFile, backend: Backend, testCase: Case): Promise<CaseReport> {
  const position = backend.output?.position ?? 0;
  let hasLog = false;
  const result = await runCase(backend, testCase).catch((error: unknown): CaseResult => {
    if (!(error instanceof FilterwrightError)) throw error;
    hasLog = error.detail !== undefined; // which is what Envoy logged
    return { outcome: "failed", differences: [error.format()] };
  });
  const about = { file: file.path, line: testCase.line, case: testCase.name, backend: backend.name, result };
  if (result.outcome !== "failed" || !backend.output || hasLog) return about;
  return { ...about, envoyLog: backend.output.since(position).replace(NOT_ENVOYS, "").trim() };
}

/** Lines of the access log and the like: Envoy's own have a thread, a level and a component. */
const NOT_ENVOYS = /^(?!\[[^\]]*\]\[\d+\]\[\w+\]\[\w+\]).*\n?/gm;
