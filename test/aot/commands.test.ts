// `--engine aot` where people give it: what they see is what they see of the Wasm engine.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { findEnvoy } from "../../src/envoy/find.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { startFilterwright } from "../run/running.ts";
import { temporaryFolder } from "../temp.ts";

test("the demo shows the same table", async () => {
  const demo = async (...args: string[]) => {
    const env = { ...process.env, NO_COLOR: "1" };
    const command = [join(projectRoot, "src/demo/main.ts"), ...args];
    return (await promisify(execFile)(process.execPath, command, { cwd: projectRoot, env })).stdout;
  };
  const [inV8, ahead] = [await demo(), await demo("--engine", "aot")];
  expect(ahead).toContain("Wasm (aot)  Lua");
  expect(ahead.replaceAll("Wasm (aot) ", "Wasm       ").replaceAll("Wasm (aot),", "Wasm,")).toBe(inV8);
});

test("filterwright run tells the same of each request, and of the log", async () => {
  const changes = await compiledGuest("changes");
  const told = async (...args: string[]) => {
    const running = await startFilterwright([changes, ...args]);
    for (const path of ["/", "/other?a=1"]) await running.send({ path, headers: [["x-do", "nothing"]] });
    expect(await running.interrupt()).toBe(0);
    return running.text();
  };
  const inV8 = await told();
  expect(inV8).toContain("/other?a=1");
  expect(await told("--engine", "aot")).toBe(inV8);
});

test("a library is made where there is no cache yet", async () => {
  const env = { FILTERWRIGHT_CACHE: temporaryFolder(), ENVOY_BIN: (await findEnvoy()).path };
  const running = await startFilterwright([await compiledGuest("changes"), "--engine", "aot"], env);
  await running.send();
  expect(await running.interrupt()).toBe(0);
  expect(readdirSync(join(env.FILTERWRIGHT_CACHE, "aot"))).toHaveLength(1);
});

test.each([
  ["a folder that is not there", ["-o", "/nowhere/x.so"], "FW_BUILD_WRITE: cannot write the library: ENOENT"],
  ["a folder in the place of a file", ["-o", projectRoot], "FW_BUILD_WRITE: cannot write the library: EISDIR"],
  ["a second module", ["other.wasm"], "FW_USAGE: expected one module, found other.wasm behind it"],
])("filterwright aot refuses %s at once", async (_, args, message) => {
  const wasm = await compiledGuest("probe");
  const command = [join(projectRoot, "src/cli/main.ts"), "aot", wasm, ...args];
  // No compiler is called.
  const env = { ...process.env, CC: "/nowhere/cc" };
  await expect(promisify(execFile)(process.execPath, command, { env })).rejects.toMatchObject({
    stderr: expect.stringContaining(message),
  });
});
