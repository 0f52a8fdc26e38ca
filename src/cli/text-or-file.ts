import { readFileSync } from "node:fs";
import { FilterwrightError } from "../errors.ts";

/** An option's text, or the contents of the file that it names behind an @. @throws FilterwrightError FW_USAGE */
export function textOrFile(value: string | undefined): string | Uint8Array | undefined {
  return value?.startsWith("@") ? readInput(value.slice(1)) : value;
}

/**
 * A module that the command line names: by its path, or by the name of a filter that `filterwright build` makes.
 *
 * @throws FilterwrightError FW_USAGE
 */
export function readModule(pathOrName: string): { file: string; wasm: Uint8Array } {
  if (/[./\\]/.test(pathOrName)) return { file: pathOrName, wasm: readInput(pathOrName) };
  const file = `build/${pathOrName}.wasm`;
  return { file, wasm: readInput(file, "Build it first: filterwright build") };
}

/** A file that the command line names. @throws FilterwrightError FW_USAGE */
export function readInput(file: string, hint?: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `expected a file that can be read, found ${file}: ${(cause as Error).message}`;
    throw new FilterwrightError("FW_USAGE", message, { cause, ...(hint !== undefined && { hint }) });
  }
}
