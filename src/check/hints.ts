import type { ModuleProblem } from "../host/inspect.ts";
import { HOST_CALLS } from "../host/signatures.ts";
import { nearest } from "../host/nearest.ts";

const REEXPORT = 'In AssemblyScript, the entry file brings it: export * from "@solo-io/proxy-runtime/proxy";';

/** What to do about a problem; undefined where its message says all. */
export function hintFor(problem: ModuleProblem): string | undefined {
  const { kind, expected, found } = problem;
  switch (kind) {
    case "abi-version":
      return `Expected the export ${expected}, found ${found}. ${REEXPORT}`;
    case "no-allocator":
      return `Expected the export ${expected}, found ${found}. ${REEXPORT}`;
    case "memory":
      return `Expected ${expected}, found ${found}.`;
    case "missing-import":
      return hintForImport(problem.name);
    case "no-memory":
      return "AssemblyScript exports it unless --noExportMemory is given; other linkers have --export-memory.";
    case "border-type":
      return "Within the module such types do no harm: leave out the export, or hand over numbers and addresses.";
    default:
      return undefined;
  }
}

/** Imports that modules are known to have and Envoy is not. */
const IMPORTS: Record<string, string> = {
  "env.abort":
    'AssemblyScript calls it where a program fails. "extends": "filterwright/asconfig.json", or --use abort=abort_proc_exit and an import of the runtime.',
  "env.seed": "AssemblyScript's Math.random() asks for it. getRandom(size) of the runtime has Envoy's random bytes.",
  "env.trace": "AssemblyScript's trace(). log(level, text) of the runtime writes to Envoy's log.",
  "env.Date.now": "AssemblyScript's Date.now(). get_current_time_nanoseconds() of the runtime has Envoy's clock.",
  "env.proxy_clear_route_cache":
    "It went with ABI 0.2.0: call the foreign function clear_route_cache, as clear_route_cache() of our runtime does.",
  "env.proxy_continue_request": "It went with ABI 0.2.0: proxy_continue_stream(0) does the same.",
  "env.proxy_continue_response": "It went with ABI 0.2.0: proxy_continue_stream(1) does the same.",
  "env.proxy_get_configuration": "It went with ABI 0.2.0: proxy_get_buffer_bytes(7, ...) does the same.",
  "env.proxy_continue_stream": "It came with ABI 0.2.0: export proxy_abi_version_0_2_1.",
  "env.proxy_close_stream": "It came with ABI 0.2.0: export proxy_abi_version_0_2_1.",
  "env.proxy_get_log_level": "It came with ABI 0.2.1: export proxy_abi_version_0_2_1.",
};

function hintForImport(name: string): string {
  const known = Object.hasOwn(IMPORTS, name) ? IMPORTS[name] : undefined;
  if (known !== undefined) return known;
  if (name.startsWith("env.console.")) return "log(level, text) of the runtime writes to Envoy's log.";
  if (name.startsWith("env.proxy_")) {
    const other = nearest(name.slice("env.".length), HOST_CALLS);
    return `Envoy has the host calls of proxy-wasm 0.1.0 to 0.2.1${other ? `; the nearest name is ${other}` : ""}.`;
  }
  return "Envoy has the host calls of proxy-wasm, and WASI as wasi_snapshot_preview1 and wasi_unstable; no other module.";
}
