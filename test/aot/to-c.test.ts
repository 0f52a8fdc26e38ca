import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toC } from "../../src/aot/to-c.ts";

const WABT = join(import.meta.dirname, "../../node_modules/wabt");

test("the same module becomes the same C, whatever folder it is made in", async () => {
  // (module (func (export "f") (result i32) (i32.const 7)))
  const wasm = Buffer.from("0061736d010000000105016000017f03020100070501016600000a0601040041070b", "hex");
  const [one, other] = await Promise.all([toC(wasm, "seven"), toC(wasm, "seven")]);
  expect(one).toEqual(other);
  expect(one.header).toContain("u32 w2c_seven_f(w2c_seven*);");
  expect(one.source).not.toContain("filterwright-aot");
});

test("what is no module is refused with what wasm2c says", async () => {
  const refused = toC(readFileSync(join(WABT, "package.json")), "none");
  await expect(refused).rejects.toMatchObject({
    code: "FW_AOT_TRANSLATE",
    detail: expect.stringMatching(/^0000004: error: bad magic value/),
  });
});
