// What is wrong in the published SDK (0.1.8), each as a filter that its users could write: built with the package as it is,
// and with ours. The first column is what came of the published code on a real Envoy, and stays so; the second is ours.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPublished } from "../../src/bench/modules.ts";
import { build } from "../../src/build/build.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable, type SwappableEnvoy } from "../../src/envoy/swap.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";
import { readmeFilter } from "../../src/bench/published-readme.ts";

const OUT = "build/test/repairs";

let envoy: SwappableEnvoy;
beforeAll(async () => {
  const bootstrap = demoBootstrap();
  envoy = await startSwappable({ bootstrap, concurrency: 1 });
  mkdirSync(join(projectRoot, OUT), { recursive: true });
  writeFileSync(join(projectRoot, OUT, "readme.ts"), readmeFilter());
});
afterAll(() => envoy.stop());

async function buildOurs(entry: string): Promise<string> {
  const [filter] = await Array.fromAsync(build({ root: projectRoot, filters: [entry], outDir: OUT }));
  return join(projectRoot, filter!.file);
}

/** What comes of a filter: that it does not load, a trap, or the header that it adds. */
async function outcome(wasm: string, rootId: string, configuration: string): Promise<string> {
  const config = wasmConfig({ wasm, rootId }, configuration, { vm_id: wasm }); // a VM of its own
  const position = envoy.envoy.output.position;
  try {
    await envoy.swap(config);
  } catch (error) {
    const { detail = "" } = error as FilterwrightError;
    return `does not load: ${/missing import: \S+|Uncaught RuntimeError: [a-z ]+|import type mismatch/.exec(detail)?.[0] ?? detail}`;
  }
  const { headers } = await fetch(`http://127.0.0.1:${envoy.envoy.port}`);
  const seen = headers.get("x-result") ?? headers.get("hello");
  if (seen !== null) return seen;
  const trap = await envoy.envoy.output.waitFor(/Uncaught RuntimeError: ([a-z ]+)/, position);
  return trap ? `traps: ${trap[1]}` : "nothing";
}

describe("on a real Envoy", () => {
  test.for([
    [
      "an empty configuration",
      "readme",
      "",
      "does not load: Uncaught RuntimeError: memory access out of bounds",
      "world!",
    ],
    ["an attribute that is not there", "absent-property", "x", "traps: unreachable", "0"],
    ["a counter that is read", "read-metric", "x", "0", "3"],
    ["the route cache", "route-cache", "x", "does not load: missing import: env.proxy_clear_route_cache", "0"],
    ["request headers written while the response passes", "wrong-phase", "x", "traps: unreachable", "0"],
    ["a gauge that is recorded", "gauge", "x", "0", "5"],
  ])("%s", async ([, name, configuration, published, ours]) => {
    const entry = name === "readme" ? `${OUT}/readme.ts` : `test/guest/repairs/${name}.ts`;
    const rootId = name === "readme" ? "add_header" : "repair";
    expect(await outcome(await buildPublished(projectRoot, entry), rootId, configuration!)).toBe(published);
    expect(await outcome(await buildOurs(entry), rootId, configuration!)).toBe(ours);
  });
});

describe("in host calls", () => {
  /** Runs a module on a host that answers what it must, and counts what it logs for one stream while others are open. */
  async function bytesLogged(file: string, otherStreams: number): Promise<number> {
    let logged = 0;
    const exports = {} as Record<string, (...args: number[]) => number> & { memory: WebAssembly.Memory };
    const give = (text: string, start: number, size: number) => {
      const bytes = Buffer.from(text);
      const at = exports["malloc"]!(bytes.length) >>> 0;
      new Uint8Array(exports.memory.buffer).set(bytes, at);
      new DataView(exports.memory.buffer).setUint32(start, at, true);
      new DataView(exports.memory.buffer).setUint32(size, bytes.length, true);
      return 0;
    };
    const hostCall =
      (name: string) =>
      (...args: number[]) => {
        if (name === "proxy_log") logged += args[2]!;
        if (name === "proxy_get_property") return give("add_header", args[2]!, args[3]!);
        return 0;
      };
    const imports = new Proxy({}, { get: (_, name) => hostCall(String(name)), has: () => true });
    const { instance } = await WebAssembly.instantiate(readFileSync(file), { env: imports, wasi_unstable: imports });
    Object.assign(exports, instance.exports);
    exports["_initialize"]!();
    exports["proxy_on_context_create"]!(1, 0);
    for (let id = 2; id < 2 + otherStreams; id++) exports["proxy_on_context_create"]!(id, 1);
    logged = 0;
    const id = 2 + otherStreams;
    exports["proxy_on_context_create"]!(id, 1);
    exports["proxy_on_response_headers"]!(id, 5, 1);
    exports["proxy_on_delete"]!(id);
    return logged;
  }

  test("nothing is logged that the filter does not log, however many streams are open", async () => {
    const published = await buildPublished(projectRoot, `${OUT}/readme.ts`);
    const ours = await buildOurs(`${OUT}/readme.ts`);
    expect(await bytesLogged(published, 0)).toBeGreaterThan(100);
    expect(await bytesLogged(published, 1000)).toBeGreaterThan(10_000);
    expect([await bytesLogged(ours, 0), await bytesLogged(ours, 1000)]).toEqual([0, 0]);
  });
});
