import { readFileSync } from "node:fs";
import { FilterwrightError } from "../errors.ts";
import { packageFile } from "../package-files.ts";
import type { CSource } from "./to-c.ts";

/** A function that the header of wasm2c's C declares. */
interface Declared {
  /** As the module names it; of an import, in its module. */
  name: string;
  module: string | undefined;
  /** In C. */
  symbol: string;
  returns: string;
  /** Types of its numbers, in C. */
  parameters: string[];
}

const DECLARED = /\/\* (import|export): '([^']*)'(?: '([^']*)')? \*\/\n([\w* ]+?) ?\b(w2c_\w+)\(([^)]*)\);/g;

/** Of a memory, a table or a global there is a function that gives its address. */
const isFunction = ([, , , , returns]: RegExpExecArray) => !returns!.includes("*");

/** Host calls of the Wasm engine that a dynamic module cannot give. */
const IMPOSSIBLE: Record<string, string> = {
  envoy_resolve_dns: "Envoy lets no dynamic module of an HTTP filter resolve names",
};

/**
 * `guest.c`: what joins wasm2c's C to our runtime (src/aot/c/guest.h).
 *
 * @throws FilterwrightError FW_AOT_IMPORT where the module needs what there is not
 */
export function glue({ header }: CSource, name: string): string {
  const declared = [...header.matchAll(DECLARED)]
    .filter(isFunction)
    .map(([, kind, first, second, returns, symbol, types]): Declared & { kind: string } => ({
      kind: kind!,
      module: kind === "import" ? first : undefined,
      name: kind === "import" ? second! : first!,
      symbol: symbol!,
      returns: returns!,
      parameters: types!.split(", ").slice(1),
    }));
  const imports = declared.filter(({ kind }) => kind === "import");
  const exports = new Map(declared.filter(({ kind }) => kind === "export").map((it) => [it.name, it]));
  const callbacks = [...exports.values()].filter(({ name: of }) => CALLBACKS.has(of));
  const modules = [...header.matchAll(/^struct w2c_(\w+);$/gm)].map(([, module]) => module!);
  return `// Written by filterwright aot.
#include "${name}.h"

#include "calls.h"
#include "vm.h"

const char* const guest_imports[] = {${imports.map(({ name: of }) => `"${of}", `).join("")}""};
const size_t guest_import_count = ${imports.length};

${imports.map(importOf).join("\n")}
${callbacks.map((it) => callbackOf(it, name)).join("\n")}
#define NAME(name) #name,
const char* const callback_names[CALLBACK_COUNT] = {CALLBACKS(NAME)};
const guest_callback guest_callbacks[CALLBACK_COUNT] = {
${callbacks.map(({ name: of }) => `    [CALL_${of}] = call_${of},`).join("\n")}
};

const size_t guest_size = sizeof(w2c_${name});

uint32_t guest_malloc(guest* in, uint32_t size) {
  return ${exports.get("malloc")?.symbol ?? exports.get("proxy_on_memory_allocate")!.symbol}((w2c_${name}*)in, size);
}

void guest_instantiate(guest* in, vm* of) {
  wasm2c_${name}_instantiate(${["(w2c_" + name + "*)in", ...modules.map((module) => `(struct w2c_${module}*)of`)].join(", ")});
  (void)of;
}

void guest_start(guest* in) {
${startsOf(exports)
  .map((call) => `  ${call};`)
  .join("\n")}
  (void)in;
}

void guest_free(guest* in) {
  wasm2c_${name}_free((w2c_${name}*)in);
}

wasm_rt_memory_t* guest_memory(guest* in) {
  return ${memoryOf(header)}((w2c_${name}*)in);
}
`;

  function startsOf(all: Map<string, Declared>): string[] {
    const start = all.get("_initialize");
    const main = all.get("main") ?? all.get("__main_void");
    const calls = start ? [start, main] : [all.get("_start")];
    return calls.flatMap((it) =>
      it ? [`${it.symbol}(${[`(w2c_${name}*)in`, ...it.parameters.map(() => "0")].join(", ")})`] : [],
    );
  }
}

/** Callbacks that the runtime calls, as it lists them. */
const CALLBACKS = new Set(
  [...readFileSync(packageFile("src/aot/c/guest.h"), "utf8").matchAll(/each\((proxy_on_\w+)\)/g)].map(
    ([, name]) => name!,
  ),
);

const LETTERS = "abcdefghijklm";

function importOf({ module, name, symbol, returns, parameters }: Declared, index: number): string {
  const impossible = IMPOSSIBLE[name];
  if (impossible) {
    throw new FilterwrightError("FW_AOT_IMPORT", `the module imports ${module}.${name}: ${impossible}`, {
      hint: "Run the module in Envoy's Wasm engine.",
    });
  }
  const list = parameters.map((type, i) => `${type} ${LETTERS[i]}`);
  const denied = name.startsWith("proxy_") ? "INTERNAL_FAILURE" : "76";
  const call = `host_${name}(${["of", ...parameters.map((_, i) => LETTERS[i]!)].join(", ")})`;
  return `${returns} ${symbol}(${[`struct w2c_${structOf(symbol, name)}* in`, ...list].join(", ")}) {
  vm* of = (vm*)in;
  if (!vm_may_call(of, ${index})) return${returns === "void" ? "" : ` ${denied}`};
  ${returns === "void" ? "" : "return "}${call};
}
`;
}

/** wasm2c's name of the module that an import is of. */
function structOf(symbol: string, name: string): string {
  return symbol.slice("w2c_".length, -name.length - 1);
}

function callbackOf({ name, symbol, returns, parameters }: Declared, module: string): string {
  const args = [`(w2c_${module}*)in`, ...parameters.map((_, i) => LETTERS[i]!)].join(", ");
  const unused = [..."abcde"]
    .slice(parameters.length)
    .map((letter) => `  (void)${letter};\n`)
    .join("");
  return `static uint32_t call_${name}(guest* in, u32 a, u32 b, u32 c, u32 d, u32 e) {
${unused}${returns === "void" ? `  ${symbol}(${args});\n  return 0;` : `  return ${symbol}(${args});`}
}
`;
}

function memoryOf(header: string): string {
  return /wasm_rt_memory_t\* (w2c_\w+)\(w2c_\w+\* instance\);/.exec(header)![1]!;
}
