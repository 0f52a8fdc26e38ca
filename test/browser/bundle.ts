import { rolldown } from "rolldown";

/**
 * One script of a module and all that it imports, for a browser.
 *
 * @throws Error where it needs what a browser does not have: Node's modules
 */
export async function bundleForBrowser(file: string): Promise<string> {
  await using bundle = await rolldown({ input: file, platform: "browser", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "iife" });
  const needed = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.imports : []));
  if (needed.length > 0) throw new Error(`expected a script that needs nothing, found imports of ${needed.join(", ")}`);
  return output[0].code;
}
