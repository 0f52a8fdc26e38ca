// Modules with each of AssemblyScript's runtimes and ours, as our build makes them and as plain asc does, under load.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { benchBootstrap } from "../../src/bench/bootstrap.ts";
import { sendMany } from "../../src/bench/send-many.ts";
import { compile } from "../../src/build/compile.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { projectRoot } from "../guest-module.ts";
import { REFERENCE_REQUEST } from "../../src/bench/request.ts";

const OUT = join(projectRoot, "build/test/runtimes");

test.for([
  ["minimal", true],
  ["minimal", false],
  ["incremental", true],
  ["incremental", false],
  ["stub", true],
] as const)(
  "a module with the runtime %s serves 20,000 requests; with our transform: %s",
  async ([runtime, transforms]) => {
    mkdirSync(OUT, { recursive: true });
    const outFile = `${runtime}-${transforms ? "built" : "asc"}.wasm`;
    const config = join(OUT, `asconfig.${runtime}.json`);
    writeFileSync(config, JSON.stringify({ extends: "../../../asconfig.json", options: { runtime } }));
    const entry = "bench/guest/read.ts";
    const { outputs } = await compile({ root: projectRoot, entry, outFile, config, target: "release", transforms });
    writeFileSync(join(OUT, outFile), outputs.get(outFile)!);
    const filter = { name: "wasm", typed_config: wasmConfig({ wasm: join(OUT, outFile), rootId: "demo" }, "any") };
    const envoy = await startEnvoy({ bootstrap: benchBootstrap([filter]), concurrency: 1, logLevel: "warn" });
    try {
      await sendMany(envoy.port, 20_000, REFERENCE_REQUEST);
      const { status } = await fetch(`http://127.0.0.1:${envoy.port}/`);
      expect(status).toBe(200);
      expect(envoy.output.all()).not.toContain("wasm log");
    } finally {
      await envoy.stop();
    }
  },
);
