import { FilterwrightError } from "../errors.ts";

/** What a library that was compiled ahead of time says of itself. */
export interface About {
  /** The Envoy release that it was built for, such as `1.40.0`. */
  envoy: string;
  /** Envoy's dynamic-module ABI. */
  abi: string;
  /** SHA-256 of the module, in hexadecimal digits. */
  wasm: string;
}

/** @throws FilterwrightError FW_AOT_LIBRARY for what is no library of ours */
export function readAbout(library: Uint8Array, name: string): About {
  const text = Buffer.from(library.buffer, library.byteOffset, library.byteLength).toString("latin1");
  const found = /filterwright-aot envoy=(\S+) abi=(\S+) wasm=([0-9a-f]{64}) /.exec(text);
  if (found) return { envoy: found[1]!, abi: found[2]!, wasm: found[3]! };
  throw new FilterwrightError("FW_AOT_LIBRARY", `expected a library of filterwright aot, found another at ${name}`);
}

/**
 * Libraries are made for the dynamic-module ABI of one Envoy's minor release; patch releases keep it.
 *
 * @throws FilterwrightError FW_AOT_LIBRARY for a library of another release
 */
export function expectBuiltFor(about: About, envoyVersion: string, name: string): void {
  const minor = (version: string) => version.split(".").slice(0, 2).join(".");
  if (minor(about.envoy) === minor(envoyVersion)) return;
  throw new FilterwrightError(
    "FW_AOT_LIBRARY",
    `${name} is built for Envoy ${about.envoy}, and this is Envoy ${envoyVersion}: their dynamic-module ABIs differ`,
    { hint: `Take Envoy ${minor(about.envoy)}, or the .wasm in Envoy's Wasm engine.` },
  );
}
