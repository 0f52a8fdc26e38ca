// Libraries with the address, leak and undefined-behaviour sanitizers in them, in an Envoy of ours: its own allocator lets none of them be.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findCompiler } from "../../src/aot/compiler.ts";
import { compileLibrary } from "../../src/aot/library.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { program } from "../host/programs.ts";
import { call, callback, data, guest } from "../host/hostile.ts";
import { temporaryFolder } from "../temp.ts";
import { COUNT, hostile, POSSIBLE, TRAPS } from "./hostile.ts";
import { pluginConfig } from "./plugin-config.ts";
import { randomCalls } from "./random-calls.ts";

/** By the order in which Envoy of ours runs streams: in turns on one thread, or in threads. */
const SANITIZERS = { turns: "address", threads: "thread" } as const;
type Order = keyof typeof SANITIZERS;
const FLAGS = {
  turns: ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  threads: ["-fsanitize=thread"],
};
const SEED = 20_261_122;
const FAILURE_POLICIES = 3;

async function compileFakeEnvoy(executable: string, order: Order): Promise<void> {
  const { command, args } = await findCompiler();
  const c = join(projectRoot, "src/aot/c");
  const sources = [join(import.meta.dirname, "fake-envoy.c"), join(c, "bytes.c")];
  const flags = ["-std=gnu11", "-g", "-Wall", "-Wextra", "-Werror", "-rdynamic", ...FLAGS[order], `-I${c}`];
  await promisify(execFile)(command, [...args, ...flags, ...sources, "-o", executable, "-ldl", "-lpthread"]);
}

/** Runs plugins of these configurations, and streams on each. @returns how many of them started, and what was logged */
async function run(
  wasm: Uint8Array,
  configurations: Uint8Array[],
  order: Order = "turns",
): Promise<{ started: number; log: string }> {
  const folder = temporaryFolder();
  const fakeEnvoy = join(folder, "fake-envoy");
  await compileFakeEnvoy(fakeEnvoy, order);
  const library = join(folder, "library.so");
  writeFileSync(library, await compileLibrary(wasm, { sanitizer: SANITIZERS[order] }));
  mkdirSync(join(folder, "configurations"));
  const files = configurations.map((bytes, i) => {
    const file = join(folder, "configurations", String(i));
    writeFileSync(file, bytes);
    return file;
  });
  // Sanitizers end it with another status, and what they say.
  const args = [library, String(SEED), order, ...files];
  const { stdout } = await promisify(execFile)(fakeEnvoy, args, { maxBuffer: 2 ** 28 });
  const [log, counts] = stdout.split("=== ");
  expect(counts).toMatch(/^\d+ of \d+\n$/);
  return { started: Number.parseInt(counts!), log: log! };
}

test("random programs do nothing that sanitizers find", async () => {
  const programs = fc.sample(program, { numRuns: 500, seed: SEED });
  const configurations = programs.flatMap((lines, i) =>
    // A VM with two plugins, one of them in two places.
    ["one", "one", "other"].map((name) => pluginConfig(name, `vm-${i}`, lines.join("\n"), 1 + (i % FAILURE_POLICIES))),
  );
  const probe = readFileSync(await compiledGuest("probe"));
  expect((await run(probe, configurations)).started).toBeGreaterThan(0.9 * configurations.length);
});

test("random host calls with random arguments do neither", async () => {
  const configurations = Array.from({ length: 2000 }, (_, i) =>
    pluginConfig(`plugin-${i}`, "vm", ".".repeat(i), 1 + (i % FAILURE_POLICIES)),
  );
  expect((await run(randomCalls(), configurations)).started).toBeGreaterThan(0.9 * configurations.length);
});

test("hostile modules do no harm", async () => {
  const configurations = Array.from({ length: COUNT * FAILURE_POLICIES * 12 }, (_, i) =>
    pluginConfig(`plugin-${i}`, `vm-${i}`, ".".repeat(1 + (i % COUNT)), 1 + (Math.floor(i / COUNT) % FAILURE_POLICIES)),
  );
  const { started, log } = await run(hostile(), configurations);
  // Those that trap while they are configured do not start.
  expect(started).toBeGreaterThan(0.9 * configurations.length);
  expect(TRAPS.filter((trap) => !log.includes(trap))).toEqual([]);
});

test("nor do configurations with mistakes in their bytes", async () => {
  const good = pluginConfig("name", "vm", "1", 1);
  const changed = fc
    .record({ at: fc.nat(good.length - 1), byte: fc.nat(255), size: fc.nat(good.length) })
    .map(({ at, byte, size }) => good.with(at, byte).subarray(0, size));
  const { started } = await run(randomCalls(), [...fc.sample(changed, { numRuns: 2000, seed: SEED }), good]);
  expect(started).toBeGreaterThan(0);
});

/** A function that does something with each stream there is as the effective context. */
const withEachStream = (code: string): string => `
  ${data(64, "x-a")}
  (func $with_each_stream
    (local $id i32)
    (loop $next
      (local.set $id (i32.add (local.get $id) (i32.const 1)))
      (if (i32.eqz (call $proxy_set_effective_context (local.get $id))) (then ${code}))
      (br_if $next (i32.lt_u (local.get $id) (i32.const 200)))))`;

/** Answers each stream from a tick, and closes it in the response callback of that answer. */
const INTERRUPTER = guest(
  `${withEachStream(call("proxy_send_local_response", 200, 0, 0, 64, 3, 0, 0, -1))}
  ${callback("proxy_on_configure", call("proxy_set_tick_period_milliseconds", 1))}
  ${callback("proxy_on_tick", "(call $with_each_stream)")}
  ${callback("proxy_on_request_headers", "")}
  ${callback("proxy_on_response_headers", call("proxy_close_stream", 0), 0)}`,
  { functions: POSSIBLE },
);

test("a stream may be gone when its own answer has passed its callbacks", async () => {
  const configurations = Array.from({ length: 300 }, (_, i) => pluginConfig("plugin", `vm-${i}`, "", 0));
  expect((await run(INTERRUPTER, configurations)).started).toBe(configurations.length);
});

/** Acts on every stream there is whenever it is configured or ends, and holds each request. */
const MEDDLER = guest(
  `${withEachStream(
    call("proxy_add_header_map_value", 0, 64, 3, 64, 3) +
      call("proxy_continue_stream", 0) +
      call("proxy_close_stream", 0),
  )}
  ${callback("proxy_on_configure", "(call $with_each_stream)")}
  ${callback("proxy_on_done", "(call $with_each_stream)")}
  ${callback("proxy_on_request_headers", "")}`,
  { functions: POSSIBLE },
);

test("what is configured, or ends, on the main thread touches no stream of a worker", async () => {
  const configurations = Array.from({ length: 200 }, (_, i) => pluginConfig(`plugin-${i}`, "vm", "", 0));
  expect((await run(MEDDLER, configurations, "threads")).started).toBe(configurations.length);
});

/** Ticks every millisecond, and says so. */
const TICKER = guest(
  `${callback("proxy_on_configure", call("proxy_set_tick_period_milliseconds", 1))}
  ${callback("proxy_on_tick", "(call $say (i32.const 0))")}
  ${callback("proxy_on_request_headers", "", 0)}`,
  { functions: POSSIBLE },
);

test("a plugin that goes on in the next configuration is taken over while it ticks", async () => {
  const configurations = Array.from({ length: 300 }, () => pluginConfig("plugin", "vm", "", 0));
  const { started, log } = await run(TICKER, configurations, "threads");
  expect(started).toBe(configurations.length);
  expect(log).toContain("a\n");
});

// Not the hostile modules: ThreadSanitizer counts the frames that a trap leaves as if they were still there.
test("random host calls of two workers and the main thread are no races", async () => {
  // Each two share a VM.
  const configurations = Array.from({ length: 400 }, (_, i) =>
    pluginConfig(`plugin-${i}`, `vm-${i >> 1}`, ".".repeat(i >> 1), 1 + (i % FAILURE_POLICIES)),
  );
  expect((await run(randomCalls(), configurations, "threads")).started).toBeGreaterThan(0.8 * configurations.length);
});
