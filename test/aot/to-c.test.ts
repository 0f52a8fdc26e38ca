import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import loadWabt from "wabt";
import { toC } from "../../src/aot/to-c.ts";

const WABT = join(import.meta.dirname, "../../node_modules/wabt");

test("the same module becomes the same C, whatever folder it is made in", async () => {
  // (module (func (export "f") (result i32) (i32.const 7)))
  const wasm = Buffer.from("0061736d010000000105016000017f03020100070501016600000a0601040041070b", "hex");
  const [one, other] = await Promise.all([toC(wasm, "seven"), toC(wasm, "seven")]);
  expect(one).toEqual(other);
  expect(one.header).toContain("u32 w2c_seven_f(w2c_seven*);");
  expect(Object.keys(one.files)).toEqual(["seven.c", "seven.h"]);
  expect(one.files["seven.c"]).not.toContain("filterwright-aot");
});

test("blocks may lie in each other as deep as Go's compiler puts them", async () => {
  // (module (func (export "f") (block (block ... ))): wabt's own parser of the text calls itself, too.
  const depth = 4000;
  const code = Buffer.from(`00${"0240".repeat(depth)}${"0b".repeat(depth + 1)}`, "hex");
  const size = (value: number) => [(value & 0x7f) | 0x80, value >> 7];
  const head = Buffer.from("0061736d0100000001040160000003020100070501016600000a", "hex");
  const wasm = Buffer.from([...head, ...size(code.length + 3), 1, ...size(code.length), ...code]);
  const { files } = await toC(wasm, "deep");
  expect(files["deep.c"]).toContain("w2c_deep_f");
});

test("a large module becomes several files, for a compiler to be busy with all at once", async () => {
  const text = `(module (memory (export "memory") 10) (func (export "f")) (func (export "g")) (data (i32.const 0) "${"a".repeat(600_000)}"))`;
  const { files } = await toC((await loadWabt()).parseWat("large.wat", text).toBinary({}).buffer, "large");
  expect(Object.keys(files)).toEqual(["large-impl.h", "large.h", "large_0.c", "large_1.c"]);
});

test("what is no module is refused with what wasm2c says", async () => {
  const refused = toC(readFileSync(join(WABT, "package.json")), "none");
  await expect(refused).rejects.toMatchObject({
    code: "FW_AOT_TRANSLATE",
    detail: expect.stringMatching(/^0000004: error: bad magic value/),
  });
});
