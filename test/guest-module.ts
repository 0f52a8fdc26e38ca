import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../src/build/build.ts";
import type { FilterwrightError } from "../src/errors.ts";

export const projectRoot = join(import.meta.dirname, "..");

/** Builds a guest of test/guest with the project's own asconfig.json. @returns the path of the module */
export async function compiledGuest(name: string): Promise<string> {
  const filters = [`test/guest/${name}.ts`];
  const built = Array.fromAsync(build({ root: projectRoot, filters, outDir: "build/test" }));
  // vitest shows a message and no more of an error.
  const [guest] = await built.catch((error: FilterwrightError) => {
    throw new Error(`${error.message}\n${error.detail}`, { cause: error });
  });
  return join(projectRoot, guest!.file);
}

/** Instantiates a guest that makes no host call but that of an abort, which fails the test. */
export async function instantiateGuest(name: string): Promise<WebAssembly.Exports> {
  const { instance } = await WebAssembly.instantiate(readFileSync(await compiledGuest(name)), {
    env: { proxy_log: () => 0, proxy_set_effective_context: refuse("proxy_set_effective_context") },
    wasi_unstable: { proc_exit: refuse("proc_exit") },
  });
  (instance.exports["_initialize"] as () => void)();
  return instance.exports;
}

function refuse(hostCall: string): () => never {
  return () => {
    throw new Error(`the guest called ${hostCall}`);
  };
}
