import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { FilterwrightError } from "../errors.ts";

/** A filter's source: `NAME.ts`, or `NAME/index.ts`. */
export interface FilterSource {
  /** Becomes `NAME.wasm`. */
  name: string;
  /** Relative to the project's root, with forward slashes, as asc prints it. */
  entry: string;
}

const FILTER_FOLDER = "assembly/filters";

/**
 * Finds the filters to build.
 *
 * @param wanted names of filters in `assembly/filters`, or paths of entry files; empty for all that the folder has
 * @throws FilterwrightError FW_BUILD_NO_FILTER
 */
export function findFilters(root: string, wanted: string[]): FilterSource[] {
  const available = listFilters(root);
  const found = wanted.length > 0 ? wanted.map((name) => findFilter(root, name, available)) : available;
  if (found.length === 0) {
    throw new FilterwrightError("FW_BUILD_NO_FILTER", `expected filters in ${join(root, FILTER_FOLDER)}, found none`, {
      hint: "Name the files to build: filterwright build assembly/index.ts",
    });
  }
  for (const [i, { name, entry }] of found.entries()) {
    const twin = found.slice(0, i).find((other) => other.name === name && other.entry !== entry);
    if (twin) {
      throw new FilterwrightError(
        "FW_BUILD_NO_FILTER",
        `expected one filter named ${name}, found ${twin.entry} and ${entry}`,
        {
          hint: "Both would become the same module: rename one.",
        },
      );
    }
  }
  return found;
}

function listFilters(root: string): FilterSource[] {
  const folder = join(root, FILTER_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((item) => {
      const path = join(folder, item);
      if (statSync(path).isDirectory())
        return existsSync(join(path, "index.ts")) ? [source(root, join(path, "index.ts"))] : [];
      return item.endsWith(".ts") && !item.endsWith(".d.ts") ? [source(root, path)] : [];
    });
}

function findFilter(root: string, wanted: string, available: FilterSource[]): FilterSource {
  const named = available.find((filter) => filter.name === wanted);
  if (named) return named;
  const path = resolve(root, wanted);
  if (path.endsWith(".ts") && existsSync(path) && statSync(path).isFile()) return source(root, path);
  throw new FilterwrightError("FW_BUILD_NO_FILTER", `expected a filter or a .ts file named ${wanted}, found neither`, {
    hint: `Filters in ${FILTER_FOLDER}: ${available.map((filter) => filter.name).join(", ") || "none"}`,
  });
}

function source(root: string, path: string): FilterSource {
  const file = basename(path, ".ts");
  const name = file === "index" ? basename(dirname(path)) : file;
  return { name, entry: relative(root, path).replaceAll("\\", "/") };
}
