import {
  type AbiVersion,
  ABI_VERSIONS,
  ALLOCATOR_TYPE,
  ALLOCATORS,
  callbackType,
  importType,
  START_TYPES,
  typeInWords,
} from "./signatures.ts";
import type { Export, Import, WasmModule } from "./wasm-module.ts";

/** Why Envoy would not load a module, or would crash with it. */
export interface ModuleProblem {
  kind:
    | "not-wasm"
    | "abi-version"
    | "border-type"
    | "missing-import"
    | "import-type"
    | "memory"
    | "no-memory"
    | "export-type"
    | "no-allocator";
  /** What it is about: an import as `env.abort`, or an export. */
  name: string;
  expected: string;
  found: string;
  message: string;
  /** The line of Envoy's log; none where Envoy crashes. */
  envoy?: string;
}

type Words = Pick<ModuleProblem, "message" | "envoy">;

/** What Envoy says, and we no better. */
const saying = (message: string): Words => ({ message, envoy: message });

/** The first of the exported functions that names a version which Envoy has. */
export function abiVersion({ exports }: WasmModule): AbiVersion | undefined {
  const names = exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
  const found = names.find((name) => ABI_VERSIONS.some((version) => name === abiExport(version)));
  return ABI_VERSIONS.find((version) => found === abiExport(version));
}

const abiExport = (version: AbiVersion) => `proxy_abi_version_${version.replaceAll(".", "_")}`;

/**
 * All that is wrong, in the order in which Envoy comes upon it. Without a version, the module is held against the newest.
 *
 * @param maxPages that a module may have
 */
export function problemsOf(module: WasmModule, maxPages: number): ModuleProblem[] {
  const version = abiVersion(module);
  const abi = version ?? "0.2.1";
  return [
    ...(version === undefined ? [abiProblem(module)] : []),
    ...borderProblems(module),
    ...module.imports.flatMap((entry) => importProblem(entry, abi) ?? []),
    ...memoryProblems(module, maxPages),
    ...module.exports.flatMap((entry) => exportProblem(entry, module, abi) ?? []),
    ...allocatorProblem(module),
  ];
}

function abiProblem({ exports }: WasmModule): ModuleProblem {
  const found = exports.map(({ name }) => name).filter((name) => name.startsWith("proxy_abi_version_"));
  return {
    kind: "abi-version",
    name: "proxy_abi_version",
    expected: ABI_VERSIONS.map(abiExport).toReversed().join(" or "),
    found: found.join(", ") || "none",
    ...saying("Missing or unknown Proxy-Wasm ABI version"),
  };
}

/** Envoy's engine interface knows numbers and references: it ends the process where it meets anything else. */
function borderProblems({ imports, exports }: WasmModule): ModuleProblem[] {
  return [
    ...imports.map((entry) => ({ ...entry, name: `${entry.module}.${entry.name}`, direction: "imports" })),
    ...exports.map((entry) => ({ ...entry, direction: "exports" })),
  ]
    .filter(({ kind, type }) => kind === "tag" || type.includes("v"))
    .map(({ kind, name, type, direction }) => ({
      kind: "border-type",
      name,
      expected: "functions of i32, i64, f32, f64 and references",
      found: kind === "tag" ? "a tag of an exception" : typeInWords(type),
      message: `Envoy crashes at what the module ${direction}: ${name}`,
    }));
}

function importProblem({ module, name, kind, type }: Import, abi: AbiVersion): ModuleProblem | undefined {
  if (kind === "memory" || kind === "table") return undefined; // Envoy makes one
  const registered = kind === "function" ? importType(module, name, abi) : undefined;
  if (registered === type) return undefined;
  const full = `${module}.${name}`;
  const found = kind === "function" ? typeInWords(type) : `a ${kind}`;
  if (registered === undefined) {
    const message = `missing import: ${full}`;
    const envoy = `Failed to load Wasm module due to a ${message}`;
    return { kind: "missing-import", name: full, expected: "a function that Envoy has", found, message, envoy };
  }
  const expected = typeInWords(registered);
  return {
    kind: "import-type",
    name: full,
    expected,
    found,
    message: `import type mismatch: ${full}, want: ${registered}, but got: ${type}`,
    envoy: `Failed to load Wasm module due to an import type mismatch: ${full}, want: ${found}, but host exports: ${expected}`,
  };
}

function memoryProblems({ memories, imports, exports }: WasmModule, maxPages: number): ModuleProblem[] {
  const problems: ModuleProblem[] = [];
  const wrong = (kind: ModuleProblem["kind"], expected: string, found: string, words: Words) =>
    void problems.push({ kind, name: "memory", expected, found, ...words });
  const initial = memories.reduce((pages, limits) => pages + limits.initial, 0);
  const refusal = saying("Failed to create new Wasm instance");
  if (initial > maxPages) wrong("memory", `at most ${maxPages} pages at first`, `${initial}`, refusal);
  if (imports.some(({ limits }) => limits?.isShared)) wrong("memory", "a memory of its own", "a shared one", refusal);
  if (![...imports, ...exports].some(({ kind }) => kind === "memory")) {
    const found = memories.length > 0 ? "one that is not exported" : "none";
    const message = "no memory is exported: Envoy crashes at the first host call that reads or writes memory";
    wrong("no-memory", "an exported memory", found, { message });
  }
  return problems;
}

function exportProblem(entry: Export, module: WasmModule, abi: AbiVersion): ModuleProblem | undefined {
  const { kind, name, type } = entry;
  if (kind !== "function") return undefined;
  const wanted =
    callbackType(name, abi) ?? startType(name, module) ?? (isAllocator(name, module) ? ALLOCATOR_TYPE : type);
  if (wanted === type) return undefined;
  const [expected, found] = [typeInWords(wanted), typeInWords(type)];
  return {
    kind: "export-type",
    name,
    expected,
    found,
    message: `Bad function signature for: ${name}, want: ${wanted}, but got: ${type}`,
    envoy: `Bad function signature for: ${name}, want: ${expected}, but the module exports: ${found}`,
  };
}

/** `main` and `__main_void` count beside `_initialize` only, and `_start` without it only. */
function startType(name: string, module: WasmModule): string | undefined {
  if (name !== "_initialize" && (name === "_start") === exported(module, "_initialize")) return undefined;
  return Object.hasOwn(START_TYPES, name) ? START_TYPES[name] : undefined;
}

function isAllocator(name: string, module: WasmModule): boolean {
  return name === ALLOCATORS.find((allocator) => exported(module, allocator));
}

function allocatorProblem(module: WasmModule): ModuleProblem[] {
  if (ALLOCATORS.some((name) => exported(module, name))) return [];
  const words = saying("Wasm module is missing malloc function.");
  return [{ kind: "no-allocator", name: "malloc", expected: ALLOCATORS.join(" or "), found: "none", ...words }];
}

function exported({ exports }: WasmModule, name: string): boolean {
  return exports.some((entry) => entry.kind === "function" && entry.name === name);
}
