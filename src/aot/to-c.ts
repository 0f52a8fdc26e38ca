import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { FilterwrightError } from "../errors.ts";

/** A module as C, for `src/aot/c/wasm-rt.h`. */
export interface CSource {
  /** What declares it: the struct of an instance, and a function for each export. Its name is `NAME.h`. */
  header: string;
  source: string;
}

/**
 * Translates a module to C by wabt's wasm2c.
 *
 * @param name a C identifier, which the names of the module's struct and functions have in them
 * @throws FilterwrightError FW_AOT_TRANSLATE with what wasm2c says, such as of a proposal that it does not know
 */
export async function toC(wasm: Uint8Array, name: string): Promise<CSource> {
  const folder = await mkdtemp(join(tmpdir(), "filterwright-aot-"));
  try {
    const file = join(folder, `${name}.wasm`);
    await writeFile(file, wasm);
    const args = [wasm2c(), file, "-n", name, "-o", join(folder, `${name}.c`)];
    await promisify(execFile)(process.execPath, args).catch((error: Error & { stderr: string }) => {
      const said = stripVTControlCharacters(error.stderr).replaceAll(file, "the module").trim();
      // Where it breaks down it shows its own source, in one line.
      const detail = said
        .split("\n")
        .filter((line) => line.length < 500)
        .join("\n");
      throw new FilterwrightError("FW_AOT_TRANSLATE", "wasm2c does not translate the module", { detail, cause: error });
    });
    const [header, source] = await Promise.all(
      ["h", "c"].map((extension) => readFile(join(folder, `${name}.${extension}`), "utf8")),
    );
    return { header: header!, source: source! };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wasm2c(): string {
  return join(dirname(createRequire(import.meta.url).resolve("wabt")), "bin/wasm2c");
}
