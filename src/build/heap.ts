import type { Parser } from "./asc-tree.ts";

// What AssemblyScript brings for `--runtime` (an allocator, TLSF or a mere pointer, and a collector, ITCMS, TCMS or none) gives
// way to assembly/heap, which is a third of the size and costs a request less. The compiler has no option for it. Which code it
// generates is still the option's: `incremental` keeps a shadow stack, so that garbage can be collected at any time; `minimal`
// keeps none; with `stub` nothing can be collected, for the code does not tell what an object refers to.

/** What has the objects, by the file that asc parses for `--runtime`. */
const REPLACEMENTS = new Map([
  ["~lib/rt/index-incremental.ts", "objects"],
  ["~lib/rt/index-minimal.ts", "objects"],
  ["~lib/rt/index-stub.ts", "regions"],
]);
const REPLACED = new Set([
  ...REPLACEMENTS.keys(),
  "~lib/rt/tlsf.ts",
  "~lib/rt/tcms.ts",
  "~lib/rt/itcms.ts",
  "~lib/rt/stub.ts",
]);

/** To be called when all sources are parsed. */
export function replaceHeap(parser: Parser): void {
  const runtime = parser.sources.find(({ normalizedPath }) => REPLACEMENTS.has(normalizedPath));
  if (runtime === undefined) return; // one of the author's own
  const objects = REPLACEMENTS.get(runtime.normalizedPath);
  const kept = parser.sources.filter(({ normalizedPath }) => !REPLACED.has(normalizedPath));
  parser.sources.splice(0, Infinity, ...kept);
  const replacement = `
import "filterwright/assembly/heap/blocks";
import "filterwright/assembly/heap/${objects}";`;
  parser.parseFile(replacement, "~lib/filterwright/assembly/heap.ts", true);
}
