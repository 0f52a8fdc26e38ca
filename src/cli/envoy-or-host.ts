import { FilterwrightError } from "../errors.ts";
import { type EnvoyBinary, findEnvoy } from "../envoy/find.ts";
import { WASM_ENGINES, type WasmEngine } from "../envoy/wasm-engine.ts";

/**
 * The Envoy to use, or undefined for the TypeScript host: where that is asked for, and where no Envoy is to be had, which
 * is then said on stderr.
 *
 * @param on what the user asked for @throws FilterwrightError FW_USAGE, what `findEnvoy` throws
 */
export async function envoyOrHost(on: string | undefined): Promise<EnvoyBinary | undefined> {
  if (on === "host") return undefined;
  if (on !== undefined && on !== "wasm")
    throw new FilterwrightError("FW_USAGE", `expected host or wasm after --on, found ${on}`);
  try {
    return await findEnvoy();
  } catch (error) {
    const isNone = error instanceof FilterwrightError && error.code === "FW_ENVOY_NOT_FOUND";
    if (!isNone || on === "wasm") throw error;
    const detail = error.detail?.replace(/^/gm, "  ");
    console.error(`${error.message}, so this runs on the TypeScript host.\n${detail}\n${error.hint}\n`);
    return undefined;
  }
}

/**
 * How Envoy is to run a module. @param on what the user asked for beside it
 *
 * @throws FilterwrightError FW_USAGE
 */
export function engineOf(name: string, on: string | undefined): WasmEngine {
  const engine = WASM_ENGINES.find((known) => known === name);
  if (engine === undefined)
    throw new FilterwrightError("FW_USAGE", `expected wasm or aot after --engine, found ${name}`);
  if (name === "aot" && on === "host")
    throw new FilterwrightError("FW_USAGE", "expected --engine aot without --on host: it is for real Envoys");
  return engine;
}
