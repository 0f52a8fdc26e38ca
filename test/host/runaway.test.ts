// Modules that do not end: the host is in a process, which is ended with them, and the next case runs in another.
import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import type { Case } from "../../src/cases/case-file.ts";
import { HostRunner } from "../../src/cases/host-backend.ts";
import type { HostSetup } from "../../src/cases/host-session.ts";
import { nodeProcess } from "../../src/cases/node-process.ts";
import { encodePairs, type Pair } from "../../src/host/pairs.ts";
import { call, callback, data, guest } from "./hostile.ts";

const testCase = {
  request: { method: "GET", path: "/", authority: "a", headers: [], body: "" },
  upstream: { status: 200, headers: [], body: "body" },
  expect: {},
} as unknown as Case;

const setup = (wasm: Uint8Array): HostSetup => ({ plugins: [{ wasm, rootId: "root" }], clock: undefined });

async function runOn(runner: HostRunner, wasm: Uint8Array): Promise<number> {
  await runner.prepare(setup(wasm));
  return (await runner.exchange(testCase)).response.status;
}

const LOOP = "(loop $forever (br $forever))";
const HEADERS: Pair[] = [":method", ":path", ":authority"].map((name) => [name, "/"]);
const CALL = call("proxy_http_call", 64, 8, 128, encodePairs(HEADERS).length, 0, 0, 0, 0, 1000, 32);

describe("what never returns is cut off and named, and the next case runs:", () => {
  const runner = new HostRunner(1000);
  afterAll(() => runner.close());

  test.for([
    ["the start section", `(func $start ${LOOP}) (start $start)`],
    ["_initialize", `(func (export "_initialize") ${LOOP})`],
    ["a configuration", callback("proxy_on_configure", LOOP)],
    ["a request", callback("proxy_on_request_headers", LOOP)],
    ["a log", callback("proxy_on_log", LOOP)],
    ["an end", callback("proxy_on_delete", LOOP)],
    [
      "a queue that feeds itself",
      `${callback("proxy_on_configure", call("proxy_register_shared_queue", 64, 1, 32))}
      ${callback("proxy_on_request_headers", call("proxy_enqueue_shared_queue", 1, 64, 1), 0)}
      ${callback("proxy_on_queue_ready", call("proxy_enqueue_shared_queue", 1, 64, 1))}`,
    ],
    [
      "a call whose answer makes the next call",
      `${data(64, "upstream")} ${data(128, encodePairs(HEADERS))}
      ${callback("proxy_on_request_headers", CALL, 0)} ${callback("proxy_on_http_call_response", CALL)}`,
    ],
  ] as const)("%s", async ([, code]) => {
    expect(await runOn(runner, guest(""))).toBe(200); // so that the process's start takes none of the time
    await expect(runOn(runner, guest(code))).rejects.toMatchObject({
      code: "FW_TIME_LIMIT",
      message: "the module did not return within 1 s",
    });
    expect(await runOn(runner, guest(""))).toBe(200);
  });

  test("an allocator", async () => {
    const code = `${data(512, "plugin_root_id")} ${callback("proxy_on_configure", call("proxy_get_property", 512, 14, 32, 36))}`;
    await expect(runOn(runner, guest(code, { malloc: `${LOOP} (i32.const 0)` }))).rejects.toMatchObject({
      code: "FW_TIME_LIMIT",
    });
    expect(await runOn(runner, guest(""))).toBe(200);
  });
});

// Neither has a bound in Envoy: there it is the machine's memory that ends.
describe("what fills the host's memory is named, and the next case runs:", () => {
  const runner = new HostRunner(30_000, () => nodeProcess(100));
  afterAll(() => runner.close());
  const count = "(i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1)))";

  test.for([
    ["shared data", call("proxy_set_shared_data", 0, 4, 0, 60_000, 0)],
    ["a queue", call("proxy_enqueue_shared_queue", 1, 0, 60_000)],
  ] as const)("%s", async ([, fill]) => {
    const code = `${call("proxy_register_shared_queue", 64, 1, 32)} (loop $more ${count} ${fill} (br $more))`;
    await expect(runOn(runner, guest(callback("proxy_on_configure", code)))).rejects.toMatchObject({
      code: "FW_MEMORY_LIMIT",
      message: "the module filled the memory of the host's process",
    });
    expect(await runOn(runner, guest(""))).toBe(200);
  });
});

test("a process that is killed is named with what it died of, and the next case runs", async () => {
  const runner = new HostRunner(1000);
  expect(await runOn(runner, guest(""))).toBe(200);
  const pids = execFileSync("pgrep", ["-f", "-P", String(process.pid), "host-process"])
    .toString()
    .trim()
    .split("\n");
  for (const pid of pids) process.kill(Number(pid), "SIGSEGV");
  await expect(runOn(runner, guest(""))).rejects.toMatchObject({
    code: "FW_HOST_ENDED",
    message: "the TypeScript host's process ended with SIGSEGV",
  });
  expect(await runOn(runner, guest(""))).toBe(200);
  await runner.close();
});
