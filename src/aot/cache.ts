import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { packageFile } from "../package-files.ts";
import { type Compiler, findCompiler } from "./compiler.ts";
import { compileLibrary } from "./library.ts";

const underWay = new Map<string, Promise<string>>();

/**
 * A module's library for this machine, which is compiled once: it is in the cache by what it is made of.
 *
 * @param file of the module @returns the absolute path of the library @throws FilterwrightError what `compileLibrary` throws
 */
export async function cachedLibrary(file: string): Promise<string> {
  const compiler = await findCompiler();
  const wasm = await readFile(file);
  const name = basename(file, ".wasm");
  const library = resolve(cacheFolder(), "aot", await keyOf(wasm, compiler), `lib${name}.so`);
  const known = underWay.get(library);
  if (known) return await known;
  const made = existsSync(library) ? Promise.resolve(library) : make(wasm, compiler, library);
  underWay.set(library, made);
  // What failed may do another time.
  made.catch(() => underWay.delete(library));
  return await made;
}

/** Several processes may do it at once: the file is moved into place whole. */
async function make(wasm: Uint8Array, compiler: Compiler, library: string): Promise<string> {
  const bytes = await compileLibrary(wasm, { compiler });
  await mkdir(dirname(library), { recursive: true });
  const partial = `${library}.${process.pid}`;
  await writeFile(partial, bytes);
  await rename(partial, library);
  return library;
}

async function keyOf(wasm: Uint8Array, { command, version }: Compiler): Promise<string> {
  const hash = createHash("sha256").update(wasm).update(`${command}\n${version}\n`);
  const folders = [packageFile("src/aot/c"), import.meta.dirname];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => /\.(c|h|ts|js)$/.test(name)).sort();
    for (const name of names) hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest("hex").slice(0, 32);
}
