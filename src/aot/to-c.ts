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
    const args = [...more, file, "-n", name, "-o", join(folder, `${name}.c`)];
    await wasm2c(args).catch(async (error: Error & { stderr: string }) => {
      await expectNoProposal(file, folder);
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
    if (texts.some(([, text]) => /#include ["<]simde\//.test(text))) throw usesProposal(SIMD);
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

async function wasm2c(args: string[]): Promise<void> {
  const program = join(dirname(createRequire(import.meta.url).resolve("wabt")), "bin/wasm2c");
  // Constants that are computed need nothing of ours.
  await promisify(execFile)(process.execPath, [...ROOM, program, "--enable-extended-const", ...args]);
}

/** What V8 takes and is not compiled ahead of time. */
interface Proposal {
  /** As wasm2c's options have it. */
  option: string;
  name: string;
  /** How a module is built without it. */
  without: string;
}

const SIMD: Proposal = {
  option: "simd",
  name: "128-bit SIMD",
  without: "Rust's -C target-feature=-simd128, Clang's -mno-simd128",
};
const PROPOSALS: Proposal[] = [
  { option: "tail-call", name: "tail calls", without: "Rust's -C target-feature=-tail-call, Clang's -mno-tail-call" },
  { option: "exceptions", name: "exceptions", without: "Rust's -C panic=abort, Clang's -fno-exceptions" },
  { option: "multi-memory", name: "several memories", without: "one memory" },
  { option: "memory64", name: "64-bit memories", without: "a wasm32 target" },
  { option: "threads", name: "threads", without: "Rust's -C target-feature=-atomics, Clang's -mno-atomics" },
  { option: "function-references", name: "typed function references", without: "the compiler's own option for them" },
  { option: "gc", name: "garbage collection", without: "a language with a memory of its own" },
];

const usesProposal = ({ name, without }: Proposal): FilterwrightError =>
  new FilterwrightError("FW_AOT_TRANSLATE", `the module uses a proposal that is not compiled ahead of time: ${name}`, {
    hint: `Build it without (${without}), or run it in Envoy's Wasm engine.`,
  });

/** For a module that wasm2c refuses. @throws FilterwrightError FW_AOT_TRANSLATE where that is for a proposal */
async function expectNoProposal(file: string, folder: string): Promise<void> {
  for (const proposal of PROPOSALS) {
    const isIt = await wasm2c([`--enable-${proposal.option}`, file, "-o", join(folder, "tried.c")]).then(
      () => true,
      () => false,
    );
    if (isIt) throw usesProposal(proposal);
  }
}
