import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Bootstrap, readBootstrap, withFilters, withPorts } from "../../src/envoy/bootstrap.ts";
import type { EnvoyBinary } from "../../src/envoy/find.ts";
import { startEnvoy, type StartOptions } from "../../src/envoy/start.ts";
import { projectRoot } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

const configFile = join(projectRoot, "envoy/envoy.yaml");
const free = { 9901: 0, 10000: 0, 10080: 9 }; // nothing listens on the discard port
const bare = (): Bootstrap => withFilters(withPorts(readBootstrap(configFile), free), []);

async function start(options: Partial<StartOptions> = {}) {
  const envoy = await startEnvoy({ bootstrap: bare(), concurrency: 1, ...options });
  onTestFinished(() => envoy.stop());
  return envoy;
}

describe("an Envoy that starts", () => {
  test("serves on ports of its own, so that many run side by side", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(two.port);
    for (const { port, admin } of [one, two]) {
      expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(503); // no upstream
      expect(await admin.isReady()).toBe(true);
    }
  });

  test("is gone when it is stopped", async () => {
    const envoy = await start();
    await envoy.stop();
    expect(() => process.kill(envoy.pid, 0)).toThrow("ESRCH");
    await envoy.stop(); // again does no harm
  });

  test("runs under a wrapper", async () => {
    const seen = join(temporaryFolder(), "seen");
    const envoy = await start({ wrap: ["sh", "-c", `echo "$@" > ${seen}; exec "$@"`, "wrapper"] });
    expect(await envoy.admin.isReady()).toBe(true);
    expect(readFileSync(seen, "utf8")).toContain(envoy.binary.path);
  });

  test("and ends by itself rejects what waits for it, with the end of its log", async () => {
    const envoy = await start();
    process.kill(envoy.pid, "SIGKILL");
    await expect(envoy.failure).rejects.toMatchObject({
      code: "FW_ENVOY_EXITED",
      message: "Envoy ended with SIGKILL while it was in use",
      detail: expect.stringMatching(/starting main dispatch loop[^]*all of Envoy's log: /),
    });
  });
});

test.for(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "an Envoy does not outlive a program that ends by %s",
  async (signal) => {
    const program = `
    const { startEnvoy } = await import(${JSON.stringify(join(projectRoot, "src/envoy/start.ts"))});
    const envoy = await startEnvoy({ bootstrap: ${JSON.stringify(bare())} });
    console.log(envoy.pid);
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [pid] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([null, signal]);
    await expect.poll(() => isAlive(Number(pid))).toBe(false);
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child of a program that is gone may wait as a zombie for an init that reaps it.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("an Envoy that cannot start says why", () => {
  test("a port that another Envoy has: the kernel would let both listen", async () => {
    const first = await start();
    const { port } = first;
    const bootstrap = withPorts(withFilters(readBootstrap(configFile), []), { 9901: 0, 10000: port });
    await expect(startEnvoy({ bootstrap })).rejects.toMatchObject({
      code: "FW_PORT_BUSY",
      message: `cannot listen on 0.0.0.0:${port}: EADDRINUSE`,
      hint: expect.stringContaining(`lsof -iTCP:${port}`),
    });
  });

  test("a port that another program has", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const bootstrap = withPorts(withFilters(readBootstrap(configFile), []), { 9901: port, 10000: 0 });
    await expect(startEnvoy({ bootstrap })).rejects.toMatchObject({ code: "FW_PORT_BUSY" });
  });

  test("a configuration that Envoy refuses, with what Envoy says", async () => {
    const bootstrap = { ...bare(), no_such_field: 1 };
    await expect(startEnvoy({ bootstrap })).rejects.toMatchObject({
      code: "FW_ENVOY_CONFIG",
      message: "Envoy ended with status 1 before it served",
      detail: expect.stringContaining("no_such_field"),
    });
  });

  test("a filter that refuses its configuration, with the filter's own line", async () => {
    const text = readFileSync(configFile, "utf8").replace('"x-demo-request": "hello"', '"x-demo-request": 5');
    const file = join(temporaryFolder(), "envoy.yaml");
    writeFileSync(file, text);
    await expect(
      startEnvoy({ bootstrap: withPorts(readBootstrap(file), free), cwd: projectRoot }),
    ).rejects.toMatchObject({
      code: "FW_ENVOY_CONFIG",
      detail: expect.stringContaining(
        "configuration refused at request.x-demo-request (offset 31): expected a string, found a number",
      ),
    });
  });

  test("a module that was not built", async () => {
    const bootstrap = withPorts(readBootstrap(configFile), free);
    await expect(startEnvoy({ bootstrap, cwd: temporaryFolder() })).rejects.toMatchObject({
      code: "FW_ENVOY_MODULE_MISSING",
      message: "the configuration names build/add-header.wasm, which is not there",
      hint: "Build the module first: npm run build",
    });
  });

  test("a program that is no Envoy, or none at all", async () => {
    await expect(startEnvoy({ bootstrap: bare(), envoy: binary("/bin/false") })).rejects.toMatchObject({
      code: "FW_ENVOY_CONFIG",
      detail: "Envoy wrote nothing.",
    });
    await expect(startEnvoy({ bootstrap: bare(), envoy: binary("/nowhere") })).rejects.toMatchObject({
      message: expect.stringContaining("ENOENT"),
    });
  });

  test("one that takes too long", async () => {
    await expect(start({ readyTimeout: 1500, wrap: ["sh", "-c", "exec sleep 60"] })).rejects.toMatchObject({
      code: "FW_ENVOY_TIMEOUT",
      message: "Envoy did not serve within 1.5 s",
    });
  });
});

function binary(path: string): EnvoyBinary {
  return { path, version: "1.40.0", source: "ENVOY_BIN" };
}

function at(port: unknown): string {
  return `{ address: { socket_address: { address: 127.0.0.1, port_value: ${String(port)} } } }`;
}

test("a configuration file that is no YAML, or no Envoy configuration, is named with its place", () => {
  const file = join(temporaryFolder(), "envoy.yaml");
  writeFileSync(file, "admin:\n  a: [1\n");
  expect(() => readBootstrap(file)).toThrow(
    expect.objectContaining({ code: "FW_CONFIG_FILE", message: `${file}:3:1 is not YAML` }),
  );
  writeFileSync(file, "a: 1\n");
  for (const [text, problem] of [
    ["a: 1", "admin.address.socket_address.port_value"],
    [`admin: ${at("x")}`, "admin.address.socket_address.port_value"],
    [`admin: ${at(1)}`, "static_resources.listeners"],
    [
      `admin: ${at(1)}\nstatic_resources: { listeners: [{ name: a }] }`,
      "address.socket_address.port_value in every listener",
    ],
    [`admin: ${at(1)}\nstatic_resources: { listeners: [${at(2)}] }`, "filter_chains with filters in every listener"],
  ]) {
    writeFileSync(file, text!);
    expect(() => readBootstrap(file)).toThrow(`${file}: expected an Envoy bootstrap with ${problem}`);
  }
  expect(() => readBootstrap("/nowhere.yaml")).toThrow("cannot read /nowhere.yaml: ENOENT");
});
