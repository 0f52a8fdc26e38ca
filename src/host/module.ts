import { FilterwrightError } from "../errors.ts";
import { type AbiVersion, CALLBACKS, importType } from "./signatures.ts";
import { type FunctionType, functionTypes } from "./wasm-types.ts";

/** A module that Envoy would load: compiled, and its imports and exports looked at. */
export interface LoadedModule {
  module: WebAssembly.Module;
  abi: AbiVersion;
  imports: FunctionType[];
  exports: FunctionType[];
}

/** @throws FilterwrightError FW_MODULE, with the message that Envoy logs */
export function loadModule(bytes: Uint8Array): LoadedModule {
  const module = compile(bytes);
  const { imports, exports } = functionTypes(bytes);
  const abi = abiOf(exports);
  for (const { module: from, name, type } of imports) {
    const expected = importType(from!, name, abi);
    if (expected === undefined) throw refuse(`missing import: ${from}.${name}`);
    if (expected !== type) throw refuse(`import type mismatch: ${from}.${name}, want: ${expected}, but got: ${type}`);
  }
  for (const { name, type } of exports) {
    const expected = CALLBACKS[name];
    if (expected !== undefined && expected !== type) {
      throw refuse(`Bad function signature for: ${name}, want: ${expected}, but got: ${type}`);
    }
  }
  if (!exports.some(({ name }) => name === "malloc" || name === "proxy_on_memory_allocate")) {
    throw refuse("Wasm module is missing malloc function.");
  }
  return { module, abi, imports, exports };
}

/** Modules that were loaded, so that the same bytes are not compiled again. */
export class ModuleCache {
  private readonly known: { bytes: Uint8Array; loaded: LoadedModule }[] = [];

  /** @throws FilterwrightError FW_MODULE */
  load(bytes: Uint8Array): LoadedModule {
    const known = this.known.find((module) => module.bytes === bytes || isEqual(module.bytes, bytes));
    if (known) return known.loaded;
    const loaded = loadModule(bytes);
    this.known.push({ bytes, loaded });
    return loaded;
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function compile(bytes: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw refuse(`it is no WebAssembly module: ${(cause as Error).message}`, cause);
  }
}

/** The first of the exported functions that names a version, as Envoy looks for it. */
function abiOf(exports: FunctionType[]): AbiVersion {
  const versions = exports.flatMap(({ name }) => /^proxy_abi_version_(\d)_(\d)_(\d)$/.exec(name)?.slice(1) ?? []);
  const version = versions.slice(0, 3).join(".");
  if (version === "0.2.0" || version === "0.2.1") return version;
  throw refuse(
    version === "0.1.0"
      ? "it is of ABI 0.1.0, which this host does not have"
      : "Missing or unknown Proxy-Wasm ABI version",
  );
}

function refuse(reason: string, cause?: unknown): FilterwrightError {
  return new FilterwrightError("FW_MODULE", `the module cannot be loaded: ${reason}`, { cause });
}
