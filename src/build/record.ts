import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { type Compiled, sha256 } from "./compile.ts";

/** What a module was built from and what came out: while all of it holds, building again would change nothing. */
interface BuildRecord {
  settings: string;
  inputs: Record<string, string | null>;
  outputs: Record<string, string>;
}

/** @param settings whatever else decides the result: the compiler's version, the target, ... */
export async function isUnchanged(root: string, recordFile: string, settings: string): Promise<boolean> {
  const text = await readFile(recordFile, "utf8").catch(() => null);
  if (text === null) return false;
  const record = parse(text);
  if (record?.settings !== settings) return false;
  for (const [path, hash] of Object.entries({ ...record.inputs, ...record.outputs })) {
    const contents = await readFile(resolve(root, path)).catch(() => null);
    if ((contents === null ? null : sha256(contents)) !== hash) return false;
  }
  return true;
}

/** @param inputs what was read, with its hash @param outputs what was written; both by absolute path */
export async function writeRecord(
  root: string,
  recordFile: string,
  settings: string,
  inputs: Compiled["inputs"],
  outputs: Compiled["outputs"],
): Promise<void> {
  const record: BuildRecord = { settings, inputs: {}, outputs: {} };
  for (const [path, hash] of inputs) record.inputs[relative(root, path)] = hash;
  for (const [path, contents] of outputs) record.outputs[relative(root, path)] = sha256(contents);
  await mkdir(dirname(recordFile), { recursive: true });
  await writeFile(recordFile, JSON.stringify(record));
}

export function compilerVersion(): string {
  const require = createRequire(import.meta.url);
  return (require("assemblyscript/package.json") as { version: string }).version;
}

/** A record that was cut off is no record. */
function parse(text: string): BuildRecord | undefined {
  try {
    return JSON.parse(text) as BuildRecord;
  } catch {
    return undefined;
  }
}
