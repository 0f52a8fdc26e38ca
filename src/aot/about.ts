import { FilterwrightError } from "../errors.ts";
import { thisPlatform } from "../wheel/platform.ts";

/** What a library that was compiled ahead of time says of itself. */
export interface About {
  /** The Envoy release that it was built for, such as `1.40.0`. */
  envoy: string;
  /** Envoy's dynamic-module ABI. */
  abi: string;
  /** Where it runs, such as `linux-x64`. */
  target: string;
  /** SHA-256 of the module, in hexadecimal digits. */
  wasm: string;
}

/** What a library says begins with it. No module that we compile has it anywhere. */
export const ABOUT_MARK = "filterwright-aot envoy=";

/** @returns undefined for what is no library of `filterwright aot` */
export function readAbout(library: Uint8Array): About | undefined {
  const text = Buffer.from(library.buffer, library.byteOffset, library.byteLength).toString("latin1");
  const found = /filterwright-aot envoy=(\S+) abi=(\S+) target=(\S+) wasm=([0-9a-f]{64}) /.exec(text);
  return found ? { envoy: found[1]!, abi: found[2]!, target: found[3]!, wasm: found[4]! } : undefined;
}

/** The minor release that a version is of: `1.40` of `v1.40.2`. */
export const minorOf = (version: string): string => version.replace(/^v/, "").split(".").slice(0, 2).join(".");

/**
 * Libraries are made for one platform, and for the dynamic-module ABI of one Envoy's minor release; patch releases keep it.
 *
 * @throws FilterwrightError FW_AOT_LIBRARY for a library of another release, or of another platform than this
 */
export function expectBuiltFor(about: About, envoyVersion: string, file: string): void {
  const here = thisPlatform();
  if (about.target !== here) {
    throw new FilterwrightError("FW_AOT_LIBRARY", `${file} is built for ${about.target}, and this is ${here}`, {
      hint: `Build it for here: filterwright aot FILE.wasm --target ${here}`,
    });
  }
  if (minorOf(about.envoy) === minorOf(envoyVersion)) return;
  throw new FilterwrightError(
    "FW_AOT_LIBRARY",
    `${file} is built for Envoy ${about.envoy}, and this is Envoy ${envoyVersion}: their dynamic-module ABIs differ`,
    { hint: `Take Envoy ${minorOf(about.envoy)}, or the .wasm in Envoy's Wasm engine.` },
  );
}
