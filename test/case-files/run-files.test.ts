// Case files on every back end, as `filterwright test` runs them.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { HostRunner } from "../../src/cases/host-backend.ts";
import { runFiles, type CaseReport } from "../../src/cases/run-files.ts";
import { OLDEST_VERSION } from "../../src/envoy/pinned.ts";
import { compiledGuest } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

const features = join(import.meta.dirname, "features");
const all = (reports: AsyncGenerator<CaseReport>) => Array.fromAsync(reports);

const outcomes = (reports: CaseReport[]) =>
  reports.map(({ backend, case: name, result }) => [backend, name, result] as const);

beforeAll(async () => {
  await compiledGuest("case-features");
  await compiledGuest("kinds");
});

test("trailers, addresses, metrics, the clock and calls are the same on the host and on a real Envoy", async () => {
  const reports = await all(runFiles([features]));
  const passed = { outcome: "passed" };
  const clock = { outcome: "skipped", reason: "a real Envoy's clock cannot be set" };
  expect(reports.length).toBe(16);
  for (const [backend, name, result] of outcomes(reports))
    expect([backend, name, result]).toEqual([
      backend,
      name,
      backend === "wasm" && name.startsWith("the clock") ? clock : passed,
    ]);
});

test("the same files run on the oldest Envoy that is supported", { timeout: 120_000 }, async () => {
  const reports = await all(
    runFiles([join(import.meta.dirname, "../cases"), join(import.meta.dirname, "../cases/headers"), features], {
      on: ["wasm", "lua", "native"],
      envoyVersion: OLDEST_VERSION,
    }),
  );
  expect(reports.length).toBeGreaterThan(900);
  expect(reports.filter(({ result }) => result.outcome === "failed")).toEqual([]);
});

describe("a failure shows", () => {
  const failing = async (on: "host" | "wasm", expectation: string): Promise<CaseReport> => {
    const file = join(temporaryFolder(), "failing.yaml");
    const wasm = join(import.meta.dirname, "../../build/test/case-features.wasm");
    writeFileSync(
      file,
      `filter: x.wasm\nroot_id: case-features\ncases:\n  - name: it fails\n    expect: ${expectation}\n`,
    );
    writeFileSync(join(file, "../x.wasm"), readFileSync(wasm));
    const [report] = await all(runFiles([file], { on: [on] }));
    return report!;
  };

  test("the case, its line and back end, what was expected and what was seen", async () => {
    const { line, backend, result } = await failing("host", '{ request: { headers: ["x-source: nowhere"] } }');
    expect({ line, backend, result }).toEqual({
      line: 4,
      backend: "host",
      result: {
        outcome: "failed",
        differences: [expect.stringMatching(/^request header x-source: expected "nowhere", seen "/)],
      },
    });
  });

  test("what Envoy logged meanwhile", async () => {
    const { envoyLog } = await failing("wasm", "{ response: { status: 201 } }");
    expect(envoyLog).toMatch(/^\[[^\]]+\]\[\d+\]\[warning\]\[wasm\] \[[^\]]+\] wasm log case-features [^\n]*: seen$/);
  });

  test("a metric that did not change as expected", async () => {
    const { result } = await failing("host", "{ metrics: { case.requests: 3 } }");
    expect(result).toEqual({
      outcome: "failed",
      differences: ["metric case.requests: expected a change of 3, seen 2"],
    });
  });
});

test("a module that never returns is ended, named, and the next case runs", async () => {
  const { default: loadWabt } = await import("wabt");
  const wat = (loop: string) => `(module (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) i32.const 1024)
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) ${loop} i32.const 0))`;
  const { parseWat } = await loadWabt();
  const setup = (loop: string) => ({
    plugins: [{ wasm: parseWat("test.wat", wat(loop)).toBinary({}).buffer }],
    clock: undefined,
  });
  const thread = new HostRunner(2000);
  const exchange = {
    request: { method: "GET", path: "/", authority: "a", headers: [], body: "" },
    upstream: { status: 204, headers: [], body: "" },
    expect: {},
  };
  await thread.prepare(setup("(loop $forever (br $forever))"));
  await expect(thread.exchange(exchange as never)).rejects.toMatchObject({
    code: "FW_TIME_LIMIT",
    message: "the module did not return within 2 s",
  });
  await thread.prepare(setup(""));
  expect((await thread.exchange(exchange as never)).response.status).toBe(204);
  await thread.close();
});

test("the host runs at least 500 cases a second", async () => {
  const file = join(import.meta.dirname, "../cases/add-header-config.yaml");
  await all(runFiles([file], { on: ["host"] })); // the thread's start is not what is meant
  const many = Array.from({ length: 40 }, () => file);
  // By the processor's time, all threads of it: what else the machine does is not meant either.
  const start = process.cpuUsage();
  const reports = await all(runFiles(many, { on: ["host"] }));
  const { user, system } = process.cpuUsage(start);
  const rate = reports.length / ((user + system) / 1e6);
  expect([reports.length, reports.every(({ result }) => result.outcome === "passed")]).toEqual([560, true]);
  expect(rate).toBeGreaterThan(500);
});

test("two modules of the same size are two modules", async () => {
  const folder = temporaryFolder();
  const wasm = readFileSync(join(import.meta.dirname, "../../build/add-header.wasm"));
  const other = Buffer.from(wasm);
  // Its greeting, which is in UTF-16.
  const at = other.indexOf(Buffer.from("world!", "utf16le"));
  Buffer.from("moon!!", "utf16le").copy(other, at);
  const reports = [];
  for (const [name, module, greeting] of [
    ["a", wasm, "world!"],
    ["b", other, "moon!!"],
  ] as const) {
    writeFileSync(join(folder, `${name}.wasm`), module);
    const expectation = `{ response: { headers: ["hello: ${greeting}"] } }`;
    const text = `filter: ${name}.wasm\nroot_id: add-header\ncases: [{ name: greets, expect: ${expectation} }]\n`;
    writeFileSync(join(folder, `${name}.yaml`), text);
    reports.push(join(folder, `${name}.yaml`));
  }
  const results = (await all(runFiles(reports, { on: ["host"] }))).map(({ result }) => result);
  expect(results).toEqual([{ outcome: "passed" }, { outcome: "passed" }]);
});

describe.each(["host", "wasm"] as const)("on %s", (on) => {
  const run = (name: string, text: string) => {
    const file = join(temporaryFolder(), `${name}.yaml`);
    writeFileSync(file, text);
    return all(runFiles([file], { on: [on], buildDir: join(import.meta.dirname, "../../build") }));
  };

  test("a trap is told where something is not as expected, and the next case has a VM of its own", async () => {
    const wasm = join(import.meta.dirname, "../../build/test/kinds.wasm");
    const folder = temporaryFolder();
    writeFileSync(join(folder, "kinds.wasm"), readFileSync(wasm));
    const file = join(folder, "traps.yaml");
    writeFileSync(
      file,
      `filter: kinds.wasm
root_id: trap
cases:
  - { name: traps, request: { headers: ["x-trap: 1"] }, expect: { response: { status: 200 } } }
  - { name: goes on, expect: { response: { status: 200 } } }
  - { name: traps as expected, request: { headers: ["x-trap: 1"] }, expect: { response: { status: 503 } } }
  - { name: goes on again, expect: { response: { status: 200 } } }
`,
    );
    const reports = await all(runFiles([file], { on: [on] }));
    expect(reports.map(({ result }) => result)).toEqual([
      {
        outcome: "failed",
        differences: [
          'response status: expected "200", seen "503"',
          expect.stringMatching(/^proxy_on_request_headers trapped: .*unreachable/),
        ],
      },
      { outcome: "passed" },
      { outcome: "passed" },
      { outcome: "passed" },
    ]);
  });

  test("the same refusal twice is a refusal twice, and one that nobody expects says why", async () => {
    const reports = await run(
      "refused",
      `filter: add-header
cases:
  - { name: with its place, config: { response: 1 }, expect: { rejected: response } }
  - { name: any, config: { response: 1 }, expect: { rejected: true } }
  - name: with its line
    config: { response: 1 }
    expect: { rejected: true, log: [{ level: error, matches: "response .offset 12.: expected an object" }] }
  - name: with another
    config: { response: 1 }
    expect: { rejected: true, log: [{ level: warn, matches: "expected" }] }
  - { name: not at all, config: { response: 2 }, expect: { response: { status: 200 } } }
`,
    );
    expect(reports.map(({ result }) => result)).toEqual([
      { outcome: "passed" },
      { outcome: "passed" },
      { outcome: "passed" },
      { outcome: "failed", differences: [expect.stringMatching(/^expected a log line warn \/expected\/, seen:/)] },
      {
        outcome: "failed",
        differences: [
          expect.stringContaining("configuration refused at response (offset 12): expected an object, found a number"),
        ],
      },
    ]);
    expect(reports.map(({ envoyLog }) => envoyLog)).toEqual([
      undefined,
      undefined,
      undefined,
      on === "wasm" ? expect.any(String) : undefined,
      undefined,
    ]);
  });

  test("a request of any method without a body says so", async () => {
    // Of OPTIONS Envoy says it.
    const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    const cases = methods.map((method) => {
      const lines = ["POST", "PUT", "PATCH", "OPTIONS"].includes(method)
        ? 'headers: ["content-length: 0"]'
        : "without: [content-length]";
      return `  - { name: ${method}, request: { method: ${method} }, expect: { request: { ${lines}, without: [transfer-encoding] } } }`;
    });
    const text = `filter: add-header\ncases:\n${cases.join("\n")}\n`.replace(
      /without: \[content-length\], without: \[transfer-encoding\]/g,
      "without: [content-length, transfer-encoding]",
    );
    const reports = await run("methods", text);
    expect(reports.map(({ case: method, result }) => [method, result])).toEqual(
      methods.map((method) => [method, { outcome: "passed" }]),
    );
  });
});
