import { access, constants, open, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readAbout } from "../aot/about.ts";
import { findCompiler } from "../aot/compiler.ts";
import { compileLibrary } from "../aot/library.ts";
import { targetNamed } from "../aot/targets.ts";
import { FilterwrightError } from "../errors.ts";
import { defineVerb } from "./command.ts";

function refuseToWrite(cause: Error): never {
  throw new FilterwrightError("FW_BUILD_WRITE", `cannot write the library: ${cause.message}`, { cause });
}

/** Before a module is compiled for minutes. @throws FilterwrightError FW_BUILD_WRITE */
async function expectWritable(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return await access(dirname(file), constants.W_OK).catch(refuseToWrite);
  // A file that is there is opened, and left as it is.
  const opened = await open(file, "r+").catch(refuseToWrite);
  await opened.close();
}

export default defineVerb(
  {
    meta: { name: "aot", description: "Compile a module ahead of time into a dynamic module of Envoy" },
    args: {
      module: { type: "positional", required: true, description: "The module", valueHint: "FILE.wasm" },
      out: { type: "string", alias: "o", description: "The library; default: libNAME.so beside it", valueHint: "FILE" },
      target: {
        type: "string",
        description: "Where the library is to run: linux-x64, linux-arm64 or darwin-arm64; default: here",
        valueHint: "PLATFORM",
      },
      json: { type: "boolean", default: false, description: "Print one JSON object instead of a line" },
    },
    async run({ args }) {
      const file = args.module;
      const wasm = await readFile(file).catch((cause: Error) => {
        throw new FilterwrightError("FW_CONFIG_FILE", `expected a module at ${file}: ${cause.message}`, { cause });
      });
      const [, more] = args._;
      if (more !== undefined) throw new FilterwrightError("FW_USAGE", `expected one module, found ${more} behind it`);
      const out = args.out ?? join(dirname(file), `lib${basename(file, ".wasm")}.so`);
      await expectWritable(out);
      const compiler = await findCompiler(args.target === undefined ? undefined : targetNamed(args.target));
      const library = await compileLibrary(wasm, { compiler });
      await writeFile(out, library).catch(refuseToWrite);
      const about = { file: out, size: library.length, ...readAbout(library)! };
      if (args.json) console.log(JSON.stringify(about, null, 2));
      else console.log(`${out}  ${about.size.toLocaleString("en")} bytes, for Envoy ${about.envoy} on ${about.target}`);
    },
  },
  [
    "filterwright aot build/headers.wasm                      build/libheaders.so",
    "filterwright aot build/headers.wasm -o /lib/libmine.so   elsewhere",
    "filterwright aot build/headers.wasm --target linux-arm64  with a pinned compiler, for another machine",
  ],
);
