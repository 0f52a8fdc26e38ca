import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FilterwrightError } from "../errors.ts";
import { inspectModule } from "../host/module.ts";
import { packageFile } from "../package-files.ts";
import { ABOUT_MARK } from "./about.ts";
import { type Compiler, findCompiler } from "./compiler.ts";
import { glue } from "./glue.ts";
import { TARGETS, type TargetName } from "./targets.ts";
import { toC } from "./to-c.ts";

export interface LibraryOptions {
  /** Default: one that is found. */
  compiler?: Compiler | undefined;
  /** Bytes of stack that one function of the module may take. Default: the target's. */
  maxFrame?: number | undefined;
  /** With sanitizers in it, for tests: `address` has the one of undefined behaviour with it. */
  sanitizer?: keyof typeof SANITIZERS | undefined;
}

/** The C names of the module begin with it. */
const NAME = "module";
const LIBRARY = "library.so";

/** How its C is compiled, beside warnings and sanitizers. */
export const FLAGS = [
  "-std=gnu11",
  "-O3",
  "-fPIC",
  "-fvisibility=hidden",
  // Each operation is rounded by itself in Wasm: GCC would make one of a product and a sum, where the processor has that.
  "-ffp-contract=off",
  "-ffunction-sections",
  "-fdata-sections",
  "-DNDEBUG",
];
/** wasm2c's C has what compilers warn of; of ours there is nothing to warn of. */
const STRICT = ["-Wall", "-Wextra", "-Werror"];
const SANITIZERS = {
  address: ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g"],
  thread: ["-fsanitize=thread", "-fno-omit-frame-pointer", "-g"],
};

/**
 * Compiles a module ahead of time into a library that Envoy loads as a dynamic module.
 *
 * @throws FilterwrightError FW_MODULE where Envoy's Wasm engine would not load the module either; FW_AOT_TRANSLATE, FW_AOT_IMPORT where it
 *   needs what there is not; FW_AOT_COMPILER where there is no C compiler, or it fails
 */
export async function compileLibrary(wasm: Uint8Array, options: LibraryOptions = {}): Promise<Uint8Array> {
  expectLoadable(wasm);
  const compiler = options.compiler ?? (await findCompiler());
  const c = await toC(wasm, NAME);
  const folder = await mkdtemp(join(tmpdir(), "filterwright-aot-"));
  try {
    const own = { ...(await runtime()), "guest.c": glue(c, NAME), "about.c": about(wasm, compiler.target) };
    const written = Object.entries({ ...c.files, ...own });
    await Promise.all(written.map(([name, text]) => writeFile(join(folder, name), text)));
    return await compile(compiler, folder, { module: sourcesOf(c.files), own: sourcesOf(own) }, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function expectLoadable(wasm: Uint8Array): void {
  const { problems, compiled } = inspectModule(wasm);
  const problem = problems[0];
  if (problem)
    throw new FilterwrightError("FW_MODULE", `the module cannot be loaded: ${problem.envoy ?? problem.message}`, {
      detail: `expected ${problem.expected}, found ${problem.found}`,
    });
  if (compiled!.abi === "0.1.0") {
    throw new FilterwrightError("FW_MODULE", "the module is of ABI 0.1.0, which is not compiled ahead of time", {
      hint: "Build it with an SDK of ABI 0.2.0 or 0.2.1, or run it in Envoy's Wasm engine.",
    });
  }
  for (const { kind, module, name } of compiled!.contents.imports) {
    if (kind === "function") continue;
    throw new FilterwrightError(
      "FW_AOT_IMPORT",
      `the module imports ${module}.${name}, which is a ${kind}, no function`,
      {
        hint: "Let it have its memory and its tables of its own: Clang's --import-memory, asc's --importMemory are to be left out.",
      },
    );
  }
  if (Buffer.from(wasm).includes(ABOUT_MARK)) {
    throw new FilterwrightError(
      "FW_AOT_TRANSLATE",
      `the module has the text "${ABOUT_MARK}" in it, by which a library says what it is`,
    );
  }
}

/** What the library says of itself: `about.ts` reads it. */
function about(wasm: Uint8Array, target: TargetName): string {
  const sha256 = createHash("sha256").update(wasm).digest("hex");
  return `#include "about.h"\n\nconst char filterwright_about[] = FILTERWRIGHT_ABOUT("${target}", "${sha256}");\n`;
}

/** Our C, by the names of the files. */
async function runtime(): Promise<Record<string, string>> {
  const folder = packageFile("src/aot/c");
  const names = (await readdir(folder)).filter((name) => /\.[ch]$/.test(name)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

const sourcesOf = (files: Record<string, string>) => Object.keys(files).filter((name) => name.endsWith(".c"));

/** Names of files in C: of the module, and of ours. */
interface Sources {
  module: string[];
  own: string[];
}

/** In the folder, where all files are, and with their bare names: what paths are on this machine is to be in no library. */
async function compile(
  compiler: Compiler,
  folder: string,
  { module, own }: Sources,
  { sanitizer, maxFrame = TARGETS[compiler.target].maxFrame }: LibraryOptions,
): Promise<Uint8Array> {
  const sanitizers = sanitizer ? SANITIZERS[sanitizer] : [];
  const flags = [...FLAGS, `-DWASM_RT_MAX_FRAME=${maxFrame}`, ...sanitizers, "-I."];
  // The largest first: the others are done beside it.
  const jobs = [
    ...module.map((file) => [file, `-Wframe-larger-than=${maxFrame}`]),
    ...own.map((file) => [file, ...STRICT]),
  ].map((args) => [...flags, ...args, "-c", "-o", objectOf(args[0]!)]);
  await inParallel(jobs, async (args) => expectSmallFrames(await run(compiler, folder, args), maxFrame));
  const { link: linking, strip } = TARGETS[compiler.target];
  const link = [...linking, ...(sanitizer ? sanitizers : [strip])];
  const objects = [...module, ...own].map(objectOf);
  await run(compiler, folder, [...link, "-o", LIBRARY, ...objects, "-lm", "-lpthread"]);
  return await readFile(join(folder, LIBRARY)).catch((cause: Error) => {
    throw new FilterwrightError("FW_AOT_COMPILER", `${compiler.command} has run, and made no library`, { cause });
  });
}

const objectOf = (file: string) => file.replace(/c$/, "o");

/** @returns what it warns of @throws FilterwrightError FW_AOT_COMPILER */
async function run({ command, args, env }: Compiler, cwd: string, more: string[]): Promise<string> {
  const options = { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...env, LC_ALL: "C" } };
  return await promisify(execFile)(command, [...args, ...more], options).then(
    ({ stderr }) => stderr,
    (error: Error & { stderr: string }) => {
      const detail = error.stderr.trim().split("\n").slice(0, 20).join("\n");
      throw new FilterwrightError("FW_AOT_COMPILER", `${command} failed`, { detail, cause: error });
    },
  );
}

/** Compilers warn of larger ones: of `the frame size of N bytes` GCC, of a `stack frame size (N)` Clang. */
function expectSmallFrames(warnings: string, maxFrame: number): void {
  const large = /frame size (?:of |\()(\d+)/.exec(warnings);
  if (!large) return;
  const message = `a function of the module needs ${large[1]} bytes of stack, and may have ${maxFrame}`;
  throw new FilterwrightError("FW_AOT_TRANSLATE", message, {
    hint: "Run the module in Envoy's Wasm engine, or let the function be divided.",
  });
}

async function inParallel<T>(jobs: T[], work: (job: T) => Promise<void>): Promise<void> {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await work(job);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
