import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { packageFile } from "../package-files.ts";
import { compile } from "./compile.ts";
import { type FilterSource, findFilters } from "./filters.ts";
import { compilerVersion, isUnchanged, writeRecord } from "./record.ts";
import { requireTarget } from "./target.ts";

export interface BuildOptions {
  /** The project's root. Default: the working directory. */
  root?: string;
  /** Filters by name, or entry files. Default: all of `assembly/filters`. */
  filters?: string[];
  /** Where modules go, relative to the root. Default: `build`. */
  outDir?: string;
  /** A target of asconfig.json. Default: `release`. */
  target?: string;
  /** Build even what did not change. */
  force?: boolean;
}

export interface BuiltFilter {
  name: string;
  entry: string;
  /** The module, relative to the root; its source map is the same path with `.map` behind it. */
  file: string;
  /** Size of the module in bytes. */
  size: number;
  /** False where neither the sources nor the module changed since the last build. */
  rebuilt: boolean;
  /** The compiler's warnings, formatted; empty without any. */
  warnings: string;
}

/**
 * Builds filters: `assembly/filters/NAME.ts` becomes `build/NAME.wasm` and `build/NAME.wasm.map`. The compiler's
 * options come from `NAME.asconfig.json` beside the source, else from the project's `asconfig.json`; a project without
 * one gets ours.
 *
 * @throws FilterwrightError FW_BUILD_NO_FILTER, FW_BUILD_FAILED, FW_BUILD_TARGET, FW_BUILD_WRITE; nothing of a filter that
 *   fails is written
 */
export async function* build(options: BuildOptions = {}): AsyncGenerator<BuiltFilter> {
  const root = resolve(options.root ?? ".");
  for (const filter of findFilters(root, options.filters ?? [])) yield await buildOne(root, filter, options);
}

async function buildOne(root: string, filter: FilterSource, options: BuildOptions): Promise<BuiltFilter> {
  const outDir = resolve(root, options.outDir ?? "build");
  const target = options.target ?? "release";
  const outFile = `${filter.name}.wasm`;
  const file = join(outDir, outFile);
  const config = configOf(root, filter.entry);
  requireTarget(config, target);
  const recordFile = join(outDir, ".filterwright", `${filter.name}.json`);
  const settings = JSON.stringify([compilerVersion(), filter.entry, config, target]);

  const rebuilt = options.force === true || !(await isUnchanged(root, recordFile, settings));
  let warnings = "";
  if (rebuilt) {
    const compiled = await compile({ root, entry: filter.entry, outFile, config, target, transforms: true });
    warnings = compiled.warnings;
    const files = new Map([...compiled.outputs].map(([name, contents]) => [join(outDir, name), contents]));
    try {
      await mkdir(outDir, { recursive: true });
      for (const [path, contents] of files) await writeFile(path, contents);
      await writeRecord(root, recordFile, settings, compiled.inputs, files);
    } catch (cause) {
      throw new FilterwrightError("FW_BUILD_WRITE", `cannot write to ${outDir}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }
  const { size } = await stat(file);
  return { ...filter, file: relative(root, file).replaceAll("\\", "/"), size, rebuilt, warnings };
}

/** The asconfig.json for an entry file: its own, the project's, or ours. */
export function configOf(root: string, entry: string): string {
  const ofFilter = join(root, entry.replace(/(\/index)?\.ts$/, ".asconfig.json"));
  const ofProject = join(root, "asconfig.json");
  return [ofFilter, ofProject].find((file) => existsSync(file)) ?? packageFile("asconfig.json");
}
