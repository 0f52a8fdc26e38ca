// C that wasm2c makes, on our runtime (src/aot/c), gives what V8 gives: results, traps, and memory after a trap. Sanitizers watch.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import loadWabt from "wabt";
import { FLAGS } from "../../src/aot/library.ts";
import { toC } from "../../src/aot/to-c.ts";
import { projectRoot } from "../guest-module.ts";

type Type = "i32" | "i64" | "f32" | "f64";
interface Export {
  name: string;
  params: Type[];
  result: Type;
  body: string;
}

const take = (count: number) => Array.from({ length: count }, (_, i) => `(local.get ${i})`).join(" ");
const plain = (operator: string, params: Type[], result: Type): Export => ({
  name: operator.replaceAll(".", "_"),
  params,
  result,
  body: `(${operator} ${take(params.length)})`,
});

const putting = (operator: string, type: Type): Export => ({
  name: operator.replaceAll(".", "_"),
  params: ["i32", type],
  result: "i32",
  body: `(${operator} ${take(2)}) (i32.const 0)`,
});

const BINARY = "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr".split(" ");
const COMPARING = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".split(" ");
const LOADS = "load8_s load8_u load16_s load16_u load".split(" ");

const EXPORTS: Export[] = [
  ...(["i32", "i64"] as const).flatMap(
    (type) =>
      [
        ...BINARY.map((operator) => plain(`${type}.${operator}`, [type, type], type)),
        ...COMPARING.map((operator) => plain(`${type}.${operator}`, [type, type], "i32")),
        ...["clz", "ctz", "popcnt", "extend8_s", "extend16_s"].map((operator) =>
          plain(`${type}.${operator}`, [type], type),
        ),
        ...["trunc_f64_s", "trunc_f64_u", "trunc_sat_f64_s", "trunc_sat_f64_u"].map((operator) =>
          plain(`${type}.${operator}`, ["f64"], type),
        ),
        ...LOADS.map((operator) => plain(`${type}.${operator}`, ["i32"], type)),
        { ...plain(`${type}.load offset=65529`, ["i32"], type), name: `${type}_far` },
        {
          name: `${type}_put`,
          params: ["i32", type],
          result: "i32",
          body: `(${type}.store offset=7 ${take(2)}) (i32.const 0)`,
        },
      ] satisfies Export[],
  ),
  ...(["f32", "f64"] as const).flatMap(
    (type) =>
      [
        ...["add", "sub", "mul", "div", "min", "max", "copysign"].map((operator) =>
          plain(`${type}.${operator}`, [type, type], type),
        ),
        ...["sqrt", "floor", "ceil", "trunc", "nearest", "abs", "neg"].map((operator) =>
          plain(`${type}.${operator}`, [type], type),
        ),
        ...["eq", "ne", "lt", "le", "gt", "ge"].map((operator) => plain(`${type}.${operator}`, [type, type], "i32")),
        ...(["i32", "i64"] as const).flatMap((from) =>
          ["s", "u"].map((sign) => plain(`${type}.convert_${from}_${sign}`, [from], type)),
        ),
        plain(`${type}.load`, ["i32"], type),
        { name: `${type}_put`, params: ["i32", type], result: "i32", body: `(${type}.store ${take(2)}) (i32.const 0)` },
      ] satisfies Export[],
  ),
  ...(["i32", "i64"] as const).flatMap((type) =>
    ["trunc_f32_s", "trunc_f32_u", "trunc_sat_f32_s", "trunc_sat_f32_u"].map((operator) =>
      plain(`${type}.${operator}`, ["f32"], type),
    ),
  ),
  plain("f32.demote_f64", ["f64"], "f32"),
  plain("f64.promote_f32", ["f32"], "f64"),
  plain("i32.reinterpret_f32", ["f32"], "i32"),
  plain("f32.reinterpret_i32", ["i32"], "f32"),
  plain("i64.reinterpret_f64", ["f64"], "i64"),
  plain("f64.reinterpret_i64", ["i64"], "f64"),
  plain("i32.wrap_i64", ["i64"], "i32"),
  plain("i64.extend_i32_s", ["i32"], "i64"),
  plain("i64.extend_i32_u", ["i32"], "i64"),
  plain("i64.extend32_s", ["i64"], "i64"),
  plain("i64.load32_s", ["i32"], "i64"),
  plain("i64.load32_u", ["i32"], "i64"),
  ...["i32.store8", "i32.store16"].map((operator) => putting(operator, "i32")),
  ...["i64.store8", "i64.store16", "i64.store32"].map((operator) => putting(operator, "i64")),
  { name: "select", params: ["i32", "i32", "i32"], result: "i32", body: `(select ${take(3)})` },
  {
    name: "switch",
    params: ["i32"],
    result: "i32",
    body: `(block $c (block $b (block $a (br_table $a $b $c (local.get 0))) (return (i32.const 10))) (return (i32.const 20))) (i32.const 30)`,
  },
  { name: "table_size", params: [], result: "i32", body: "(table.size 0)" },
  { name: "table_grow", params: ["i32"], result: "i32", body: "(table.grow 0 (ref.null func) (local.get 0))" },
  {
    name: "table_fill",
    params: ["i32", "i32"],
    result: "i32",
    body: "(table.fill 0 (local.get 0) (ref.null func) (local.get 1)) (i32.const 0)",
  },
  { name: "table_copy", params: ["i32", "i32", "i32"], result: "i32", body: `(table.copy ${take(3)}) (i32.const 0)` },
  {
    name: "table_init",
    params: ["i32", "i32", "i32"],
    result: "i32",
    body: `(table.init $functions ${take(3)}) (i32.const 0)`,
  },
  {
    name: "table_null",
    params: ["i32"],
    result: "i32",
    body: "(ref.is_null (table.get 0 (local.get 0)))",
  },
  { name: "grow", params: ["i32"], result: "i32", body: "(memory.grow (local.get 0))" },
  { name: "size", params: [], result: "i32", body: "(memory.size)" },
  { name: "fill", params: ["i32", "i32", "i32"], result: "i32", body: `(memory.fill ${take(3)}) (i32.const 0)` },
  { name: "copy", params: ["i32", "i32", "i32"], result: "i32", body: `(memory.copy ${take(3)}) (i32.const 0)` },
  { name: "init", params: ["i32", "i32", "i32"], result: "i32", body: `(memory.init $bytes ${take(3)}) (i32.const 0)` },
  {
    name: "call",
    params: ["i32", "i32"],
    result: "i32",
    body: "(call_indirect (type $unary) (local.get 0) (local.get 1))",
  },
  { name: "stop", params: [], result: "i32", body: "(unreachable)" },
  { name: "deep", params: ["i32"], result: "i32", body: "(call $down (local.get 0))" },
];

const WAT = `(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1 3)
  (data (i32.const 8) "some bytes that are there")
  (data $bytes "bytes to come")
  (table 6 9 funcref)
  (elem (i32.const 0) $twice $half $other)
  (elem $functions func $other $twice)
  (func $twice (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $half (type $unary) (i32.shr_u (local.get 0) (i32.const 1)))
  ;; It looks at what comes back, so that no compiler makes a loop of it.
  (func $down (type $unary) (local $below i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
      (else
        (local.set $below (call $down (i32.sub (local.get 0) (i32.const 1))))
        (i32.store (i32.const 60) (local.get $below))
        (i32.add (i32.const 1) (local.get $below)))))
  (func $other (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
  ${EXPORTS.map(({ name, params, result, body }) => `(func (export "${name}") ${params.map((type) => `(param ${type})`).join(" ")} (result ${result}) ${body})`).join("\n  ")})`;

const C_TYPES = { i32: "u32", i64: "u64", f32: "f32", f64: "f64" };

/** Reads a line for each call, the number of an export and its arguments as bits, and writes the result's bits or the trap. */
const MAIN = `#include "tested.h"
#include <inttypes.h>
#include <stdio.h>
static f64 f64_of(u64 bits) { f64 value; memcpy(&value, &bits, 8); return value; }
static f32 f32_of(u64 bits) { u32 low = (u32)bits; f32 value; memcpy(&value, &low, 4); return value; }
static u64 f32_bits(f32 value) { u32 bits; memcpy(&bits, &value, 4); return bits; }
static u64 f64_bits(f64 value) { u64 bits; memcpy(&bits, &value, 8); return bits; }
static u32 u32_of(u64 bits) { return (u32)bits; }
static u64 u64_of(u64 bits) { return bits; }
static struct { wasm_rt_stack_t stack; w2c_tested instance; } cell;
static u64 call(unsigned index, const u64* a) {
  switch (index) {
${EXPORTS.map(({ name, params, result }, i) => {
  const args = params.map((type, at) => `${C_TYPES[type]}_of(a[${at}])`);
  const called = `w2c_tested_${name}(${["&cell.instance", ...args].join(", ")})`;
  return `    case ${i}: return ${result.startsWith("f") ? `${result}_bits(${called})` : called};`;
}).join("\n")}
  }
  return 0;
}
int main(void) {
  unsigned index;
  u64 a[3];
  wasm_rt_entry_t entry;
  wasm2c_tested_instantiate(&cell.instance);
  while (scanf("%u %" SCNx64 " %" SCNx64 " %" SCNx64, &index, &a[0], &a[1], &a[2]) == 4) {
    wasm_rt_trap_t trap = WASM_RT_ENTER(&entry, &cell.stack);
    if (trap != 0) { printf("trap %s\\n", wasm_rt_trap_text(trap)); continue; }
    u64 bits = call(index, a);
    wasm_rt_leave(&entry);
    printf("%" PRIx64 "\\n", bits);
  }
  u32 sum = 0;
  for (u64 i = 0; i < cell.instance.w2c_memory.size; i++) sum = sum * 31 + cell.instance.w2c_memory.data[i];
  printf("memory %x\\n", sum);
  wasm2c_tested_free(&cell.instance);
  return 0;
}
`;

let wasm: Uint8Array;
/** The same C with sanitizers, and as libraries are compiled. */
const BUILDS = {
  checked: ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  shipped: FLAGS.filter((flag) => flag !== "-fvisibility=hidden"),
};
const programs = {} as Record<keyof typeof BUILDS, string>;
beforeAll(async () => {
  const wabt = await loadWabt();
  wasm = wabt.parseWat("tested.wat", WAT).toBinary({}).buffer;
  const { files: made } = await toC(wasm, "tested");
  const folder = join(projectRoot, "build/test/aot");
  const runtime = join(import.meta.dirname, "../../src/aot/c");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...made, "main.c": MAIN })) {
    writeFileSync(join(folder, name), text);
  }
  const files = [join(folder, "tested.c"), join(folder, "main.c"), join(runtime, "wasm-rt.c")];
  const warnings = ["-Wall", "-Werror", "-Wno-unused", "-DWASM_RT_MAX_FRAME=524288"];
  for (const build of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
    programs[build] = join(folder, build);
    const flags = ["-std=gnu11", ...BUILDS[build], ...warnings, "-I", runtime];
    execFileSync("cc", [...flags, ...files, "-lm", "-o", programs[build]]);
  }
}, 120_000);

interface Call {
  index: number;
  args: bigint[];
}

const view = new DataView(new ArrayBuffer(8));
const bitsOf = (type: Type, value: number | bigint): bigint => {
  view.setBigUint64(0, 0n);
  if (type === "f64") view.setFloat64(0, value as number);
  else if (type === "f32") view.setFloat32(4, value as number);
  else view.setBigUint64(0, BigInt.asUintN(type === "i32" ? 32 : 64, BigInt(value)));
  return view.getBigUint64(0);
};
const valueOf = (type: Type, bits: bigint): number | bigint => {
  view.setBigUint64(0, bits);
  if (type === "f64") return view.getFloat64(0);
  if (type === "f32") return view.getFloat32(4);
  return type === "i32" ? Number(BigInt.asIntN(32, bits)) : bits;
};

/** What V8 tells apart, and wasm2c's C does not. */
const TRAPS_OF_V8: Record<string, string> = {
  "table index is out of bounds": "null function or function signature mismatch",
  "remainder by zero": "divide by zero",
  "divide result unrepresentable": "integer overflow",
  "float unrepresentable in integer range": "integer overflow",
};

function inV8(calls: Call[]): string[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {});
  const lines = calls.map(({ index, args }) => {
    const { name, params, result } = EXPORTS[index]!;
    const run = exports[name] as (...values: (number | bigint)[]) => number | bigint;
    try {
      return bitsOf(result, run(...params.map((type, i) => valueOf(type, args[i]!)))).toString(16);
    } catch (error) {
      const { message } = error as Error;
      const isOfTable =
        name.startsWith("table_") && /^(table index is|table access|element segment) out of bounds/.test(message);
      return `trap ${isOfTable ? "memory access out of bounds" : (TRAPS_OF_V8[message] ?? message)}`;
    }
  });
  let sum = 0;
  for (const byte of new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer))
    sum = (Math.imul(sum, 31) + byte) >>> 0;
  return [...lines, `memory ${sum.toString(16)}`];
}

function inC(program: string, calls: Call[]): string[] {
  const input = calls.map(({ index, args }) =>
    [index, ...[0, 1, 2].map((i) => (args[i] ?? 0n).toString(16))].join(" "),
  );
  const { stdout, stderr, status } = spawnSync(program, { input: input.join("\n"), encoding: "utf8" });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.trim().split("\n");
}

const i32 = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 65_535, 65_536, 131_072),
  fc.nat(70_000),
);
const i64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0n, 1n, -1n, -(2n ** 63n)));
const f64 = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 63, -0, 0.5, -0.5),
);
const f32 = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 63, -0, 0.5, -0.5));
const VALUES = { i32, i64, f32, f64 };
const call: fc.Arbitrary<Call> = fc.nat(EXPORTS.length - 1).chain((index) =>
  fc
    .tuple(
      ...EXPORTS[index]!.params.map((type): fc.Arbitrary<bigint> => {
        // V8's stack takes another number of calls than ours, so depths are either small or endless.
        const value = EXPORTS[index]!.name === "deep" ? fc.constantFrom(0, 10, 500, 100_000_000) : VALUES[type];
        return (value as fc.Arbitrary<number | bigint>).map((it) => bitsOf(type, it));
      }),
    )
    .map((args) => ({ index, args })),
);

/** Which NaN comes is not said by WebAssembly. */
const withoutNaNs = (lines: string[], calls: Call[]) =>
  lines.map((line, i) => {
    const isNaNBits =
      calls[i] &&
      EXPORTS[calls[i].index]!.result.startsWith("f") &&
      Number.isNaN(valueOf(EXPORTS[calls[i].index]!.result, BigInt(`0x${/^[0-9a-f]+$/.test(line) ? line : 0}`)));
    return isNaNBits ? "NaN" : line;
  });

test("random calls give the same in V8 and in C, traps and all", () => {
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 400 }), (calls) => {
      const expected = withoutNaNs(inV8(calls), calls);
      for (const program of Object.values(programs)) expect(withoutNaNs(inC(program, calls), calls)).toEqual(expected);
    }),
    { numRuns: 200, endOnFailure: true },
  );
}, 300_000);
