import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startHostRun } from "../../src/run/host-run.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { startFilterwright } from "./running.ts";

/** No Envoy, and no way to one. */
const NOWHERE = { PATH: "/nowhere", FILTERWRIGHT_CACHE: "/dev/null/cache", ENVOY_BIN: "" };

let changes: string;

beforeAll(async () => {
  changes = await compiledGuest("changes");
});

function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const command = [join(projectRoot, "src/cli/main.ts"), "run", ...args];
  const options = { cwd: projectRoot, encoding: "utf8", env: { ...process.env, ...env }, timeout: 20_000 } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, command, options);
  return { stdout, stderr, status };
}

describe("filterwright run", () => {
  test("explains itself, with examples", () => {
    expect(run(["--help"])).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "Run rules, or a module, in front of an upstream, and say what each request becomes (filterwright run v0.1.0)

      USAGE filterwright run [OPTIONS] <MODULE>

      ARGUMENTS

        MODULE    A rules file (.yaml, .json); a module, or NAME for build/NAME.wasm (Required)

      OPTIONS

               --root-id=<ID>    root_id (Default: the file's base name)
        --config=<TEXT|@FILE>    The plugin's configuration, or @ and the name of a file that has it
             --upstream=<URL>    Where requests go (Default: an echo)
         --cluster=<NAME=URL>    Another cluster that the module may call; may be given again
             --on=<wasm|host>    wasm: a real Envoy, host: the TypeScript host (Default: wasm, where an Envoy is to be had)
          --engine=<wasm|aot>    How Envoy runs the module: in its Wasm engine, or compiled ahead of time (Default: wasm)
                   --port=<N>    Port of 127.0.0.1; 0 for any (Default: 10000)
          --log-level=<LEVEL>    Least level of the plugin's log: trace, debug, info, warn, error, critical, off (Default: info)
                       --json    Print one JSON object a request, a line each (Default: false)

      EXAMPLES

        filterwright run rules.yaml                          the headers filter with these rules, in front of an echo
        filterwright run add-header                          build/add-header.wasm in front of an echo
        filterwright run filter.wasm --config '{"a": "b"}'   with a configuration
        filterwright run rules.yaml --upstream http://127.0.0.1:3000
        filterwright run auth --cluster auth=http://127.0.0.1:9000 --on host --json

      ",
      }
    `);
  });

  test.each([
    [["nothing"], "expected a file that can be read, found build/nothing.wasm: ENOENT"],
    [["add-header", "remove-header"], "expected one module, found remove-header behind it"],
    [["add-header", "--port", "x"], "expected a port after --port, found x"],
    [["add-header", "--on", "lua"], "expected host or wasm after --on, found lua"],
    [["add-header", "--log-level", "loud"], "expected one of trace, debug, info, warn, error, critical, off"],
    [["add-header", "--on", "host", "--cluster", "auth"], "expected NAME=URL after --cluster, found auth"],
    [
      ["add-header", "--on", "host", "--upstream", "a:b"],
      "expected an upstream such as http://127.0.0.1:8080, found a:b",
    ],
    [["add-header", "--on", "host", "--upstream", "http://a/b"], "expected an upstream such as"],
    [["add-header", "--config", "@/nowhere"], "expected a file that can be read, found /nowhere"],
  ])("does not understand %j", (args, message) => {
    const { stdout, stderr, status } = run(args);
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    expect(stderr).toContain(`error FW_USAGE: ${message}`);
  });

  test("says that a port is busy", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    expect(run(["add-header", "--on", "host", "--port", String(port)])).toEqual({
      stdout: "",
      stderr: `error FW_PORT_BUSY: cannot listen on 127.0.0.1:${port}: EADDRINUSE\nStop what listens there (lsof -iTCP:${port} -sTCP:LISTEN shows it), or use another port.\n`,
      status: 1,
    });
  });

  test.each(["host", "wasm"])("ends where the plugin refuses its configuration, on %s", (on) => {
    expect(run(["add-header", "--on", on, "--port", "0", "--config", '{"request": 5}'])).toEqual({
      stdout: "",
      stderr:
        "error FW_CONFIG_REFUSED: the module refuses its configuration\n  error: configuration refused at request (offset 12): expected an object, found a number\n",
      status: 1,
    });
  });

  test("runs on the TypeScript host where no Envoy is to be had, and says why", async () => {
    const running = await startFilterwright(["add-header"], NOWHERE);
    expect(running.text()).toContain("build/add-header.wasm on the TypeScript host, in front of an echo");
    expect(running.stderr.replaceAll(/ (for )?\S+-\S+, so/g, " for PLATFORM, so")).toContain(
      "for PLATFORM, so this runs on the TypeScript host.\n  tried ENVOY_BIN: not set, or of another version\n",
    );
    expect(running.stderr).toContain("To get one, do one of these:\n  set ENVOY_BIN to an Envoy binary\n");
    await running.send();
    expect(await running.interrupt()).toBe(0);
  });

  test("fails without an Envoy where one is asked for", () => {
    const { stdout, stderr, status } = run(["add-header", "--on", "wasm"], NOWHERE);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("error FW_ENVOY_NOT_FOUND: there is no Envoy");
  });

  test.each(["host", "wasm"])(
    "says so where a client goes away, and ends while a request is held, on %s",
    async (on) => {
      const running = await startFilterwright([changes, "--on", on]);
      const ask = (path: string, signal: AbortSignal) =>
        fetch(`http://127.0.0.1:${running.port}${path}`, { headers: { "x-do": "hold" }, signal });
      await expect(ask("/impatient", AbortSignal.timeout(200))).rejects.toThrow("timeout");
      await expect
        .poll(() => running.text().split("Control-C ends it.\n\n")[1])
        .toBe("GET /impatient  no response: the stream was reset, or the client went away, not sent upstream, N ms\n");
      const held = expect(ask("/held", AbortSignal.timeout(10_000))).rejects.toThrow("fetch failed");
      await sleep(200);
      expect(await running.interrupt()).toBe(0);
      await held;
    },
  );

  test("ends at once while a module does not return, on the TypeScript host", async () => {
    const running = await startFilterwright([changes, "--on", "host"]);
    const held = expect(running.send({ headers: [["x-do", "loop"]] })).rejects.toThrow();
    await sleep(200);
    expect(await running.interrupt()).toBe(0);
    await held;
  });
});

test("a module that does not return in time ends the run on the TypeScript host", async () => {
  const options = { rootId: "changes", configuration: "", environment: [], logLevel: "info" } as const;
  const where = { upstream: undefined, port: 0 };
  const told = { onReport: () => {}, onEntries: () => {} };
  const running = await startHostRun({ wasm: changes, clusters: new Map(), ...options, ...where, ...told }, 2000);
  const held = fetch(`http://127.0.0.1:${running.port}/`, { headers: { "x-do": "loop" } });
  const failed = expect(running.failure).rejects.toThrow("the module did not return within 2 s");
  await expect(held).rejects.toThrow("fetch failed");
  await failed;
});
