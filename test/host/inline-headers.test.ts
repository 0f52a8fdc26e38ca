import { expect, test } from "vitest";
import { startEnvoy } from "../../src/envoy/start.ts";
import { INLINE_HEADERS, type MapKind } from "../../src/host/inline-headers.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";

test("the inline headers are those that Envoy says it has", async () => {
  const envoy = await startEnvoy({ bootstrap: demoBootstrap(), cwd: projectRoot, logLevel: "info" });
  try {
    for (const kind of Object.keys(INLINE_HEADERS) as MapKind[]) {
      const map = kind.replace(/s$/, " map");
      const [, names] = new RegExp(`${map}: \\d+ bytes: ?(\\S*)`).exec(envoy.output.all())!;
      expect([...INLINE_HEADERS[kind]].toSorted()).toEqual(names === "" ? [] : names!.split(",").toSorted());
    }
  } finally {
    await envoy.stop();
  }
});
