import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { FilterwrightError } from "../errors.ts";

/** A module as C, for `src/aot/c/wasm-rt.h`. */
export interface CSource {
  /** What declares it: the struct of an instance, and a function for each export. Its name is `NAME.h`. */
  header: string;
  /** What it consists of, by the names of the files: the `.c` are to be compiled, with the others beside them. */
  files: Record<string, string>;
}

/** As much of a module is worth a file of its own, for a compiler to be busy with beside others. */
const LARGE = 512 * 1024;

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
    const outputs = Math.ceil(wasm.byteLength / LARGE);
    const more = outputs > 1 ? [`--num-outputs=${outputs}`] : [];
    const args = [...ROOM, wasm2c(), ...more, file, "-n", name, "-o", join(folder, `${name}.c`)];
    await promisify(execFile)(process.execPath, args).catch((error: Error & { stderr: string }) => {
      const said = stripVTControlCharacters(error.stderr).replaceAll(file, "the module").trim();
      // Where it breaks down it shows its own source, in one line.
      const detail = said
        .split("\n")
        .filter((line) => line.length < 500)
        .join("\n");
      throw new FilterwrightError("FW_AOT_TRANSLATE", "wasm2c does not translate the module", { detail, cause: error });
    });
    const written = (await readdir(folder)).filter((it) => /\.[ch]$/.test(it)).sort();
    const texts = await Promise.all(written.map(async (it) => [it, await readFile(join(folder, it), "utf8")] as const));
    const files = Object.fromEntries(texts);
    if (texts.some(([, text]) => /#include ["<]simde\//.test(text))) {
      throw new FilterwrightError(
        "FW_AOT_TRANSLATE",
        "the module uses Wasm's 128-bit SIMD, which is not compiled ahead of time",
        {
          hint: "Build it without: Rust's -C target-feature=-simd128, Clang's -mno-simd128; or run it in Envoy's Wasm engine.",
        },
      );
    }
    return { header: files[`${name}.h`]!, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Room for wasm2c's recursion: half of the stack that systems give a process, in KiB, for V8's, and what `wasm2c-room` gives, which is of this
 * folder, TypeScript here, JavaScript in the package.
 */
const ROOM = [
  "--stack-size=3900",
  "--import",
  new URL(`wasm2c-room${extname(import.meta.filename)}`, import.meta.url).href,
];

function wasm2c(): string {
  return join(dirname(createRequire(import.meta.url).resolve("wabt")), "bin/wasm2c");
}
