// Random rules on the Wasm filter, and on the Lua and native filters that are rendered from them: what reaches the upstream and
// the client must be equal, line by line.
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareRandom, TWINS } from "./compare.ts";
import { Engines } from "./engines.ts";
import { program } from "./programs.ts";

let engines: Engines;
beforeAll(async () => {
  engines = await Engines.start();
}, 60_000);
afterAll(() => engines.close());

test("rules that native filters may express are the same on all three", { timeout: 120_000 }, async () => {
  const { count, lua, native } = await compareRandom(engines, TWINS, program(false), 300, 1);
  expect([count, lua]).toEqual([300, 300]);
  expect(native).toBeGreaterThan(150);
});

test("rules that take a script are the same on Wasm and Lua", { timeout: 120_000 }, async () => {
  const { count, lua } = await compareRandom(engines, TWINS, program(true), 150, 1);
  expect([count, lua]).toEqual([150, 150]);
});
