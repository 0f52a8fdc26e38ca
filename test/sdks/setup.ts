import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { projectRoot } from "../guest-module.ts";

/** Builds the modules anew: the compilers find out what has changed. Then each is compiled ahead of time, which takes minutes for Go's. */
export default async function setup(): Promise<void> {
  execFileSync("bash", [join(import.meta.dirname, "build.sh")], { stdio: "inherit" });
  for (const language of ["rust", "go"]) await cachedLibrary(join(projectRoot, `build/sdks/${language}.wasm`));
}
