// What Envoy takes and had better not get.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/build/compile.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { checkModule } from "../../src/check/check.ts";
import { startEcho } from "../../src/echo/server.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { CALLBACK_NAMES, callbackType } from "../../src/host/signatures.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";
import { exported, imported, sound } from "./wat.ts";

const OUT = join(projectRoot, "build/test/check");
mkdirSync(OUT, { recursive: true });

const namesOf = (wasm: Uint8Array, kind: string) =>
  checkModule(wasm)
    .findings.filter((finding) => finding.kind === kind)
    .map(({ name }) => name);

/** A callback of the type that Envoy wants. */
function callback(name: string, body: string): string {
  const [parameters, results] = callbackType(name, "0.2.1")!.split(":");
  const type = `(param ${Array.from(parameters!, () => "i32").join(" ")}) ${results ? "(result i32)" : ""}`;
  return exported(name, type, body);
}

const ANSWERS_TRUE = /^proxy_(validate_configuration|on_vm_start|on_configure|on_done)$/;
const answerOf = (name: string) => (ANSWERS_TRUE.test(name) ? 1 : 0);
const hasAnswer = (name: string) => callbackType(name, "0.2.1")!.endsWith(":i");
const idle = (name: string) => callback(name, hasAnswer(name) ? `(i32.const ${answerOf(name)})` : "");

test("every callback that answers what Envoy assumes without it does nothing, on a real Envoy too", async () => {
  const wasm = sound(CALLBACK_NAMES.map(idle).join("\n"));
  expect(namesOf(wasm, "idle-callback")).toEqual(CALLBACK_NAMES);
  const file = join(OUT, "idle.wasm");
  writeFileSync(file, wasm);
  const echo = await startEcho();
  await using envoy = await startSwappable({ bootstrap: demoBootstrap(echo.port), concurrency: 1 });
  const exchange = async () => {
    const headers: [string, string][] = [["x-request-id", "1"]];
    const request = { method: "POST", path: "/", authority: "a", headers, body: "hello" };
    const response = await send({ host: "127.0.0.1", port: envoy.envoy.port }, request);
    const timed = /^(date|x-envoy-upstream-service-time)$/;
    return { ...response, headers: response.headers.filter(([name]) => !timed.test(name)) };
  };
  const without = await exchange();
  await envoy.swap(wasmConfig({ wasm: file, rootId: "idle" }, "any"));
  expect(await exchange()).toEqual(without);
  await echo.close();
});

test("a callback that answers otherwise, or may do something, is not idle", () => {
  const bodies = {
    proxy_on_request_headers: "(i32.const 1)",
    proxy_on_response_headers: "(local.get 2)",
    proxy_on_done: "(i32.const 0)",
    proxy_on_configure: "(i32.eqz (local.get 1))",
    proxy_on_tick: "(i32.store (i32.const 0) (i32.const 1))",
    proxy_on_log: "(global.set $g (i32.const 1))",
    proxy_on_delete: "unreachable",
    proxy_on_queue_ready: "(drop (call $proxy_done))",
  };
  const callbacks = Object.entries(bodies).map(([name, body]) => callback(name, body));
  const wasm = sound(
    `${imported("proxy_done", "(result i32)")} (global $g (mut i32) (i32.const 0)) ${callbacks.join("\n")}`,
  );
  expect(namesOf(wasm, "idle-callback")).toEqual([]);
});

test("idle bodies are known in the forms that compilers give them", () => {
  const bodies = {
    proxy_on_configure: "(local i64 i32) nop (drop (local.get 0)) (i32.const 1) return",
    proxy_on_request_headers: "(return (i32.const 0)) (i32.const 1)",
    proxy_on_done: "(i32.const -1)",
    proxy_on_request_body: "(i32.const 1) drop (i32.const 0)",
  };
  const wasm = sound(
    Object.entries(bodies)
      .map(([name, body]) => callback(name, body))
      .join("\n"),
  );
  expect(namesOf(wasm, "idle-callback")).toEqual(Object.keys(bodies));
});

test("an export that only looks like a callback is named with the one that is meant", () => {
  const wasm = sound(
    ["proxy_on_grpc_trailing_metadata", "proxy_on_http_request_headers", "proxy_on_anything_at_all_but_that"]
      .map((name) => exported(name, ""))
      .join("\n"),
  );
  expect(checkModule(wasm).findings).toEqual([
    {
      severity: "warning",
      kind: "unknown-callback",
      name: "proxy_on_grpc_trailing_metadata",
      message: "Envoy never calls proxy_on_grpc_trailing_metadata: ABI 0.2.1 has no such callback",
      hint: "The nearest name is proxy_on_grpc_receive_trailing_metadata.",
    },
    {
      severity: "warning",
      kind: "unknown-callback",
      name: "proxy_on_http_request_headers",
      message: "Envoy never calls proxy_on_http_request_headers: ABI 0.2.1 has no such callback",
      hint: "The nearest name is proxy_on_request_headers.",
    },
    {
      severity: "warning",
      kind: "unknown-callback",
      name: "proxy_on_anything_at_all_but_that",
      message: "Envoy never calls proxy_on_anything_at_all_but_that: ABI 0.2.1 has no such callback",
    },
  ]);
});

test("a module that Envoy does not start, or starts too early, is warned of", () => {
  const findings = (wasm: Uint8Array) =>
    checkModule(wasm).findings.map(({ severity, kind, message }) => [severity, kind, message]);
  expect(findings(sound("", { start: "" }))).toEqual([
    [
      "warning",
      "nothing-starts",
      "Envoy runs nothing when it starts the module: no _initialize is exported, and no _start",
    ],
  ]);
  expect(findings(sound("(func $s) (start $s)", { start: "" }))).toEqual([
    ["warning", "start-section", "the module has a start section: a host call there, even to log, crashes Envoy"],
  ]);
  expect(findings(sound())).toEqual([]);
});

test("what AssemblyScript imports where nobody told it otherwise is explained", async () => {
  const entry = "build/test/check/defaults.ts";
  writeFileSync(
    join(projectRoot, entry),
    `export function proxy_abi_version_0_2_1(): void {}
    export function malloc(size: i32): i32 { return size; }
    export function random(): f64 { return Math.random() + <f64>Date.now(); }
    trace("starts");
    console.log("starts");
    assert(random() > 0);`,
  );
  const config = join(OUT, "defaults.asconfig.json");
  writeFileSync(config, '{"targets": {"release": {"optimizeLevel": 3}}}');
  const { outputs } = await compile({
    root: projectRoot,
    entry,
    outFile: "defaults.wasm",
    config,
    target: "release",
    transforms: false,
  });
  const { findings } = checkModule(outputs.get("defaults.wasm") as Uint8Array);
  expect(Object.fromEntries(findings.map(({ name, kind, hint }) => [name || kind, hint]))).toMatchInlineSnapshot(`
    {
      "env.Date.now": "AssemblyScript's Date.now(). get_current_time_nanoseconds() of the runtime has Envoy's clock.",
      "env.abort": "AssemblyScript calls it where a program fails. "extends": "filterwright/asconfig.json", or --use abort=abort_proc_exit and an import of the runtime.",
      "env.console.log": "log(level, text) of the runtime writes to Envoy's log.",
      "env.seed": "AssemblyScript's Math.random() asks for it. getRandom(size) of the runtime has Envoy's random bytes.",
      "env.trace": "AssemblyScript's trace(). log(level, text) of the runtime writes to Envoy's log.",
      "start-section": "In AssemblyScript: --exportStart _initialize, as filterwright/asconfig.json has it.",
    }
  `);
});
