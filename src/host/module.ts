import { FilterwrightError } from "../errors.ts";
import { abiVersion, type ModuleProblem, problemsOf } from "./inspect.ts";
import { DEFAULT_MAX_MEMORY, pagesIn, withMemoryLimit } from "./memory-limit.ts";
import type { AbiVersion } from "./signatures.ts";
import { type Import, readModule, type WasmModule } from "./wasm-module.ts";

/** A module that Envoy would load: compiled, and its imports and exports looked at. */
export interface LoadedModule {
  module: WebAssembly.Module;
  abi: AbiVersion;
  imports: Import[];
  /** Pages of memory that it may have. */
  maxPages: number;
}

/** What there is to say of a module without running it. */
export interface Inspection {
  /** Why Envoy would not load it, or would crash with it; empty for a module that is fine. */
  problems: ModuleProblem[];
  /** Undefined where the bytes are no module at all. */
  compiled?: { module: WebAssembly.Module; contents: WasmModule; abi: AbiVersion | undefined };
}

/** @param maxPages of memory. Default: Envoy's */
export function inspectModule(bytes: Uint8Array, maxPages = pagesIn(DEFAULT_MAX_MEMORY)): Inspection {
  let module;
  try {
    module = new WebAssembly.Module(bytes);
  } catch (cause) {
    const message = `it is no WebAssembly module: ${(cause as Error).message}`;
    return { problems: [{ kind: "not-wasm", name: "", expected: "a WebAssembly module", found: "none", message }] };
  }
  const contents = readModule(bytes);
  return { problems: problemsOf(contents, maxPages), compiled: { module, contents, abi: abiVersion(contents) } };
}

/** @throws FilterwrightError FW_MODULE, with the message that Envoy logs */
export function loadModule(bytes: Uint8Array, maxPages: number): LoadedModule {
  const { problems, compiled } = inspectModule(bytes, maxPages);
  const [problem] = problems;
  if (problem) throw refuse(problem.envoy ?? problem.message);
  const { contents, abi } = compiled!;
  if (abi === "0.1.0") throw refuse("it is of ABI 0.1.0, which this host does not have");
  const module = new WebAssembly.Module(withMemoryLimit(bytes, maxPages));
  return { module, abi: abi!, imports: contents.imports, maxPages };
}

/** Modules that were loaded, so that the same bytes are not compiled again. */
export class ModuleCache {
  private readonly known: { bytes: Uint8Array; loaded: LoadedModule }[] = [];

  /** @param maxMemory bytes that it may have @throws FilterwrightError FW_MODULE */
  load(bytes: Uint8Array, maxMemory = DEFAULT_MAX_MEMORY): LoadedModule {
    const maxPages = pagesIn(maxMemory);
    const known = this.known.find(({ bytes: other, loaded }) => loaded.maxPages === maxPages && isEqual(other, bytes));
    if (known) return known.loaded;
    const loaded = loadModule(bytes, maxPages);
    this.known.push({ bytes, loaded });
    return loaded;
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left === right || (left.length === right.length && differAt(left, right) < 0);
}

/** Without a call for each byte: a module may have megabytes. */
function differAt(left: Uint8Array, right: Uint8Array): number {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return i;
  return -1;
}

function refuse(reason: string): FilterwrightError {
  return new FilterwrightError("FW_MODULE", `the module cannot be loaded: ${reason}`);
}
