import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { Filter } from "./filter.ts";
import type { ChainedFilter, FilterHostOptions, FilterOptions } from "./options.ts";

/**
 * Loads a filter, in a host of its own.
 *
 * @param module path of a `.wasm`, a built filter's name (`build/NAME.wasm`), or the module's bytes
 * @throws FilterwrightError FW_MODULE, FW_CONFIG_REFUSED with what the filter logged, FW_TRAP, FW_USAGE, FW_UNEXPECTED_CALL
 */
export function loadFilter(module: string | Uint8Array, options: FilterOptions = {}): Filter {
  return loadFilters([{ ...options, module }], options);
}

/**
 * Loads several filters in one host: a chain that every request passes.
 *
 * @param chain in the order in which requests meet them; responses meet the last one first
 * @throws FilterwrightError what `loadFilter` throws
 */
export function loadFilters(chain: readonly ChainedFilter[], options: FilterHostOptions = {}): Filter {
  const modules = chain.map((filter) => ({ ...filter, ...read(filter.module) }));
  try {
    return new Filter(modules, options);
  } catch (error) {
    if (!(error instanceof FilterwrightError) || !error.detail) throw error;
    // vitest shows a message and no more of an error.
    const { code, message, detail } = error;
    throw new FilterwrightError(code, `${message}\n${detail}`, { detail, cause: error });
  }
}

/** @returns its bytes and its name, for which bytes have the empty text */
function read(module: string | Uint8Array): { wasm: Uint8Array; name: string } {
  if (typeof module !== "string") return { wasm: module, name: "" };
  const file = module.endsWith(".wasm") ? module : join("build", `${module}.wasm`);
  if (existsSync(file)) return { wasm: readFileSync(file), name: basename(file, ".wasm") };
  throw new FilterwrightError(
    "FW_MODULE",
    `expected a module at ${file}, found none: build it first, filterwright build`,
  );
}
