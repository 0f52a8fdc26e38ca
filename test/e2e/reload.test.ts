import { Agent } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CaseFile, FilterSetup } from "../../src/cases/case-file.ts";
import { Backends, onFreePorts, openUrl } from "../../src/cases/open.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { runCase } from "../../src/cases/run.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { readBootstrap } from "../../src/envoy/bootstrap.ts";
import { startSwappable, type SwappableEnvoy } from "../../src/envoy/swap.ts";
import { projectRoot } from "../guest-module.ts";

let echo: Echo;
let swappable: SwappableEnvoy;
beforeAll(async () => {
  echo = await startEcho();
  const bootstrap = onFreePorts(readBootstrap(join(projectRoot, "envoy/envoy.yaml")), echo);
  swappable = await startSwappable({ bootstrap, concurrency: 2 });
});
afterAll(async () => {
  await swappable.stop();
  await echo.close();
});

const addHeader = (version: string) =>
  wasmConfig(
    { wasm: join(projectRoot, "build/add-header.wasm"), rootId: "add-header" },
    JSON.stringify({ response: { "x-version": version } }),
  );

async function versionSeen(agent?: Agent): Promise<string | undefined> {
  const request = { method: "GET", path: "/", authority: "example.com", headers: [], body: "" };
  const { status, headers } = await send(
    { host: "127.0.0.1", port: swappable.envoy.port, ...(agent && { agent }) },
    request,
  );
  expect(status).toBe(200);
  return headers.find(([name]) => name === "x-version")?.[1];
}

describe("a configuration that is exchanged while Envoy runs", () => {
  test("is in force on every worker when swap returns", async () => {
    for (let version = 1; version <= 10; version++) {
      await swappable.swap(addHeader(String(version)));
      // New connections, so that both workers are asked.
      const seen = await Promise.all(Array.from({ length: 40 }, () => versionSeen(new Agent())));
      expect(new Set(seen)).toEqual(new Set([String(version)]));
    }
  });

  test("is waited for where Envoy is too busy to answer", async () => {
    const { pid } = swappable.envoy;
    const swap = swappable.swap(addHeader("late"));
    process.kill(pid, "SIGSTOP"); // as while it compiles a large module
    setTimeout(() => process.kill(pid, "SIGCONT"), 6000);
    await swap;
    expect(await versionSeen()).toBe("late");
  });

  test("is refused where it is wrong, and the one before goes on serving", async () => {
    await swappable.swap(addHeader("good"));
    const bad = wasmConfig(
      { wasm: join(projectRoot, "build/add-header.wasm"), rootId: "add-header" },
      '{"response": 1}',
    );
    await expect(swappable.swap(bad)).rejects.toMatchObject({
      code: "FW_ENVOY_UPDATE",
      detail: expect.stringContaining(
        "configuration refused at response (offset 13): expected an object, found a number",
      ),
    });
    expect(await versionSeen()).toBe("good");
    await expect(swappable.swap(bad)).rejects.toMatchObject({ code: "FW_ENVOY_UPDATE" }); // each time anew
    await swappable.swap(addHeader("better"));
    expect(await versionSeen()).toBe("better");
  });

  test("is refused in one line of the filter's own", async () => {
    const position = swappable.envoy.output.position;
    const bad = wasmConfig({ wasm: join(projectRoot, "build/remove-header.wasm"), rootId: "remove-header" }, "[]");
    await expect(swappable.swap(bad)).rejects.toMatchObject({ code: "FW_ENVOY_UPDATE" });
    const lines = swappable.envoy.output.since(position).split("\n");
    const own = lines.filter((line) => line.includes("wasm log"));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(
      /\]\[error\]\[wasm\] .*configuration refused at \$ \(offset 0\): expected an object, found an array$/,
    );
    expect(lines.join("\n")).not.toContain("RuntimeError");
  });

  test.for([10, 100, 128, 200, 300, 20_000])(
    "is refused with a hint where it is a Struct, which Envoy hands over as protobuf, with a value of %i bytes",
    async (size) => {
      const config = addHeader("") as unknown as { config: { configuration: object } };
      config.config.configuration = {
        "@type": "type.googleapis.com/google.protobuf.Struct",
        value: { response: "x".repeat(size) },
      };
      await expect(swappable.swap(config as never)).rejects.toMatchObject({
        detail: expect.stringContaining("(a Struct? put the JSON in a StringValue)"),
      });
    },
  );

  test("is refused where it is not UTF-8, with the byte and its place", async () => {
    const config = addHeader("") as unknown as { config: { configuration: object } };
    const bytes = Buffer.from('{"request":{"x-a":"\xff\xfe"}}', "latin1");
    config.config.configuration = {
      "@type": "type.googleapis.com/google.protobuf.BytesValue",
      value: bytes.toString("base64"),
    };
    await expect(swappable.swap(config as never)).rejects.toMatchObject({
      detail: expect.stringContaining(
        "configuration refused at request.x-a (offset 19): expected UTF-8, found byte 0xff",
      ),
    });
  });

  test("names a module that is not there", async () => {
    await expect(swappable.swap(wasmConfig({ wasm: "/nowhere.wasm", rootId: "add-header" }, ""))).rejects.toMatchObject(
      {
        message: "Envoy refused the new configuration: Invalid path: /nowhere.wasm",
      },
    );
  });

  test("changes under load without one wrong answer", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    let isDone = false;
    const seen: string[] = [];
    await swappable.swap(addHeader("load-0"));
    const clients = Array.from({ length: 16 }, async () => {
      while (!isDone) seen.push((await versionSeen(agent)) ?? "none");
    });
    for (let version = 1; version <= 20; version++) await swappable.swap(addHeader(`load-${version}`));
    isDone = true;
    await Promise.all(clients);
    agent.destroy();
    expect(seen.length).toBeGreaterThan(100);
    expect(seen.filter((version) => !/^load-\d+$/.test(version))).toEqual([]);
  });
});

describe("when something ends in the midst of the cases", () => {
  const file = readCaseFile(join(projectRoot, "test/cases/demo.yaml"));

  test("an Envoy that was killed is what the error tells of, with the end of its log", async () => {
    await using backends = new Backends();
    const backend = await backends.open(file, "wasm");
    expect(await runCase(backend, file.cases[0]!)).toEqual({ outcome: "passed" });
    process.kill(backends.envoys[0]!.pid, "SIGKILL");
    await expect(runCase(backend, file.cases[0]!)).rejects.toMatchObject({
      code: "FW_ENVOY_EXITED",
      message: "Envoy ended with SIGKILL while it was in use",
      detail: expect.stringContaining("all of Envoy's log"),
    });
  });

  test("an upstream that is gone is named, and how to start one", async () => {
    const gone = await startEcho();
    await gone.close();
    const backend = openUrl("wasm", `http://127.0.0.1:${swappable.envoy.port}`, `http://127.0.0.1:${gone.controlPort}`);
    await expect(runCase(backend, file.cases[0]!)).rejects.toMatchObject({
      code: "FW_NO_ANSWER",
      message: `the echo upstream's control at http://127.0.0.1:${gone.controlPort} cannot be used: connect ECONNREFUSED 127.0.0.1:${gone.controlPort}`,
      hint: "Start it: npm run echo",
    });
  });

  test("a module that is not there is an error, not a refusal that a case may expect", async () => {
    await using backends = new Backends();
    const missing: CaseFile = {
      ...file,
      path: "missing",
      setup: { kind: "filter", wasm: "/nowhere.wasm", rootId: "a", config: "", twins: {} },
    };
    const testCase = { ...file.cases[0]!, expect: { rejected: true as const } };
    await expect(runCase(await backends.open(missing, "wasm"), testCase)).rejects.toMatchObject({
      code: "FW_ENVOY_MODULE_MISSING",
    });
    const noModule: CaseFile = {
      ...missing,
      path: "no module",
      setup: { ...missing.setup, wasm: import.meta.filename } as FilterSetup,
    };
    await expect(runCase(await backends.open(noModule, "wasm"), testCase)).rejects.toMatchObject({
      code: "FW_ENVOY_UPDATE",
    });
  });

  test("a case that expects too much fails with what was seen", async () => {
    await using backends = new Backends();
    const backend = await backends.open(file, "lua");
    const testCase = structuredClone(file.cases[0]!);
    testCase.expect.request!.headers.push(["x-never", "1"]);
    testCase.expect.response!.without.push("content-type");
    testCase.expect.response!.status = 404;
    expect(await runCase(backend, testCase)).toEqual({
      outcome: "failed",
      differences: [
        'request header x-never: expected "1", seen none',
        'response status: expected "404", seen "200"',
        'response header content-type: expected none, seen "text/plain"',
      ],
    });
  });
});
