import type { Parser } from "./asc-tree.ts";

// What AssemblyScript brings for `--runtime incremental` and `minimal` (an allocator, TLSF, and a collector, ITCMS or TCMS)
// gives way to assembly/heap, which is a third of the size and costs a request less. The compiler has no option for it. Which
// code it generates is still the option's: `incremental` keeps a shadow stack, so that garbage can be collected at any time;
// `minimal` keeps none.

const RUNTIMES = new Set(["~lib/rt/index-incremental.ts", "~lib/rt/index-minimal.ts"]);
const REPLACED = new Set([...RUNTIMES, "~lib/rt/tlsf.ts", "~lib/rt/tcms.ts", "~lib/rt/itcms.ts"]);
const REPLACEMENT = `
import "filterwright/assembly/heap/blocks";
import "filterwright/assembly/heap/objects";`;

/** To be called when all sources are parsed. */
export function replaceHeap(parser: Parser): void {
  if (!parser.sources.some(({ normalizedPath }) => RUNTIMES.has(normalizedPath))) return; // `stub`, or one of the author's own
  const kept = parser.sources.filter(({ normalizedPath }) => !REPLACED.has(normalizedPath));
  parser.sources.splice(0, Infinity, ...kept);
  parser.parseFile(REPLACEMENT, "~lib/filterwright/assembly/heap.ts", true);
}
