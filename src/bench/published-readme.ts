import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The filter that the README of the published `@solo-io/proxy-runtime` shows, byte for byte. */
export function readmeFilter(): string {
  const file = createRequire(import.meta.url).resolve("@solo-io/proxy-runtime/README.md");
  const code = /^## Code\n[^`]*```ts\n([^]*?)```/m.exec(readFileSync(file, "utf8"))?.[1];
  if (code === undefined) throw new Error(`expected a filter in ${file}`);
  return code;
}
