// The case files of the other lanes, with the TypeScript host in a web worker of a real Chromium.
import { join, relative } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import loadWabt from "wabt";
import type { Case } from "../../src/cases/case-file.ts";
import { HostRunner, hostBackend } from "../../src/cases/host-backend.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { casePaths } from "../../src/cases/run-files.ts";
import { runCase } from "../../src/cases/run.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { bundleForBrowser } from "./bundle.ts";
import { openPage, webWorker } from "./chromium.ts";

const folders = ["test/cases", "test/cases/headers", "test/case-files/features"].map((folder) =>
  join(projectRoot, folder),
);
const files = casePaths(folders).map((path) => readCaseFile(path, { buildDir: join(projectRoot, "build") }));
const onHost = files.filter(({ backends }) => backends.includes("host"));

let script: string;
let page: Page;
let close: () => Promise<void>;
beforeAll(async () => {
  await compiledGuest("case-features");
  await compiledGuest("kinds");
  script = await bundleForBrowser(join(import.meta.dirname, "worker.ts"));
  ({ page, close } = await openPage());
});
afterAll(() => close?.());

/** @param timeLimit milliseconds */
function openThread(timeLimit?: number): HostRunner {
  const thread = new HostRunner(timeLimit, () => webWorker(page, script));
  onTestFinished(() => thread.close());
  return thread;
}

describe("what passes on Node passes in Chromium:", () => {
  test.for(onHost.map((file) => [relative(projectRoot, file.path), file] as const))("%s", async ([, file]) => {
    const backend = hostBackend(file, openThread());
    const results = [];
    for (const testCase of file.cases) results.push([testCase.name, await runCase(backend, testCase)]);
    expect(results).toEqual(file.cases.map(({ name }) => [name, { outcome: "passed" }]));
  });

  test("cases that fail do so with what was seen", async () => {
    const [file] = onHost;
    const testCase: Case = { ...file!.cases[0]!, expect: { response: { status: 418, headers: [], without: [] } } };
    expect(await runCase(hostBackend(file!, openThread()), testCase)).toEqual({
      outcome: "failed",
      differences: ['response status: expected "418", seen "200"'],
    });
  });
});

describe("a module that", () => {
  const testCase = { ...onHost[0]!.cases[0]!, expect: {} };
  const setup = async (code: string) => {
    const { parseWat } = await loadWabt();
    const text = `(module (memory (export "memory") 1)
      (func (export "proxy_abi_version_0_2_1"))
      (func (export "malloc") (param i32) (result i32) i32.const 1024)
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) ${code} i32.const 0))`;
    return { plugins: [{ wasm: parseWat("test.wat", text).toBinary({}).buffer }], clock: undefined };
  };

  test("never returns is ended with its worker, named, and the next case runs", async () => {
    const thread = openThread(1000);
    await thread.prepare(await setup("(loop $forever (br $forever))"));
    await expect(thread.exchange(testCase)).rejects.toMatchObject({
      code: "FW_TIME_LIMIT",
      message: "the module did not return within 1 s",
    });
    await thread.prepare(await setup(""));
    expect((await thread.exchange(testCase)).response.status).toBe(200);
    // Chromium gives a busy worker some seconds before it ends it by force.
    await expect.poll(() => page.workers().length, { timeout: 10_000 }).toBe(1);
  });

  test("Envoy would not load is named", async () => {
    const wasm = new Uint8Array([1, 2, 3, 4, 1, 0, 0, 0]);
    await expect(openThread().prepare({ plugins: [{ wasm }], clock: undefined })).rejects.toMatchObject({
      code: "FW_MODULE",
      message: expect.stringContaining("expected magic word 00 61 73 6d, found 01 02 03 04"),
    });
  });
});

test("what needs Node cannot be bundled", async () => {
  await expect(bundleForBrowser(join(projectRoot, "src/cases/node-process.ts"))).rejects.toThrow(
    "found imports of node:child_process",
  );
});
