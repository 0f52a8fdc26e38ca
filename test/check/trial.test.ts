// What becomes of a module that is loaded and configured in the TypeScript host.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readmeFilter } from "../../src/bench/published-readme.ts";
import { buildPublished } from "../../src/bench/modules.ts";
import { checkModule } from "../../src/check/check.ts";
import type { TrialOptions } from "../../src/check/trial.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { exported, sound } from "./wat.ts";

const addHeader = () => readFileSync(join(projectRoot, "build/add-header.wasm"));

/** What was tried, and what is said of it. */
function tried(wasm: Uint8Array, options: TrialOptions) {
  const { trial, findings, isFine } = checkModule(wasm, options);
  const said = findings.filter(({ kind }) => kind !== "idle-callback" && kind !== "unknown-callback");
  return { ...trial, isFine, findings: said.map(({ severity, kind, message }) => `${severity} ${kind}: ${message}`) };
}

describe("a configuration", () => {
  test("that the module takes is accepted", () => {
    expect(tried(addHeader(), { rootId: "add-header", configuration: "{}" })).toEqual({
      rootId: "add-header",
      configuration: "given",
      outcome: "accepted",
      reason: "",
      log: [],
      isFine: true,
      findings: [],
    });
  });

  test("that the module refuses is an error, with what it logged", () => {
    expect(tried(addHeader(), { configuration: "[" })).toEqual({
      rootId: "",
      configuration: "given",
      outcome: "refused",
      reason: "the module refuses its configuration",
      log: ["error: configuration refused at $ (offset 0): expected an object, found an array"],
      isFine: false,
      findings: ["error configuration-refused: the module refuses its configuration"],
    });
  });

  test("that is missing may be refused: the module may well need one", () => {
    const wasm = sound(exported("proxy_on_configure", "(param i32 i32) (result i32)", "(local.get 1)"));
    expect(tried(wasm, {})).toMatchObject({ outcome: "refused", isFine: true, findings: [] });
    expect(tried(wasm, { configuration: "any" })).toMatchObject({ outcome: "accepted", isFine: true });
  });

  test("of the VM is given to proxy_on_vm_start", () => {
    const wasm = sound(
      exported("proxy_on_vm_start", "(param i32 i32) (result i32)", "(i32.eq (local.get 1) (i32.const 3))"),
    );
    expect(tried(wasm, { vmConfiguration: "abc" }).outcome).toBe("accepted");
    expect(tried(wasm, { vmConfiguration: "ab" }).outcome).toBe("refused");
  });

  test("that traps is an error, and a warning where none was given", () => {
    const wasm = sound(exported("proxy_on_configure", "(param i32 i32) (result i32)", "unreachable"));
    const reason = "proxy_on_configure trapped: unreachable";
    expect(tried(wasm, {})).toMatchObject({ outcome: "trapped", isFine: true, findings: [`warning trap: ${reason}`] });
    expect(tried(wasm, { configuration: "any" })).toMatchObject({ isFine: false, findings: [`error trap: ${reason}`] });
  });
});

describe("a root_id that the module does not have", () => {
  test("is an error where it was given, and a warning where it was not", async () => {
    const wasm = readFileSync(await compiledGuest("two-plugins"));
    const log = (rootId: string) =>
      `error: no root context is registered for root_id "${rootId}"; registered: "one" "two"`;
    expect(tried(wasm, {})).toEqual({
      rootId: "",
      configuration: "empty",
      outcome: "refused",
      reason: "the module refuses its configuration",
      log: [log("")],
      isFine: true,
      findings: ['warning unknown-root-id: the module seems to have nothing for root_id ""'],
    });
    expect(tried(wasm, { rootId: "three" })).toMatchObject({
      log: [log("three")],
      isFine: false,
      findings: ['error unknown-root-id: the module seems to have nothing for root_id "three"'],
    });
    expect(tried(wasm, { rootId: "one" }).findings).toEqual([]);
  });

  test("is known from the trap of the published SDK", async () => {
    const entry = "build/test/check/readme.ts";
    mkdirSync(join(projectRoot, entry, ".."), { recursive: true });
    writeFileSync(join(projectRoot, entry), readmeFilter());
    const wasm = readFileSync(await buildPublished(projectRoot, entry));
    expect(tried(wasm, { rootId: "nothing" })).toMatchObject({
      outcome: "trapped",
      log: [expect.stringContaining("Missing root context factory for root id: nothing")],
      findings: ['error unknown-root-id: the module seems to have nothing for root_id "nothing"'],
    });
    // What its users meet on Envoy, too: test/e2e/repairs.test.ts.
    expect(tried(wasm, { rootId: "add_header" }).findings).toEqual([
      "warning trap: proxy_on_configure trapped: memory access out of bounds",
    ]);
    expect(tried(wasm, { rootId: "add_header", configuration: "any" })).toMatchObject({
      outcome: "accepted",
      findings: [],
    });
  });
});

test("a module that the host cannot run is not tried, and the result says why", () => {
  const old = sound("", { abi: '(func (export "proxy_abi_version_0_1_0"))' });
  const reasons = [old, sound("", { malloc: "" })];
  expect(reasons.map((wasm) => checkModule(wasm).trial).map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["not run", "the TypeScript host does not have ABI 0.1.0"],
    ["not run", "Envoy would not run it"],
  ]);
});
