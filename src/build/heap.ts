import type { Parser } from "./asc-tree.ts";

// What AssemblyScript brings for `--runtime minimal` (an allocator, TLSF, and a collector, TCMS) gives way to
// assembly/heap, which is a third of the size and costs a request less. The compiler has no option for it: a path for
// `--runtime` makes it generate code for the incremental collector, a tenth dearer.

const MINIMAL = "~lib/rt/index-minimal.ts";
const REPLACED = new Set([MINIMAL, "~lib/rt/tlsf.ts", "~lib/rt/tcms.ts"]);
const REPLACEMENT = `
import "filterwright/assembly/heap/blocks";
import "filterwright/assembly/heap/objects";`;

/** To be called when all sources are parsed. */
export function replaceHeap(parser: Parser): void {
  const isMinimal = parser.sources.some(({ normalizedPath }) => normalizedPath === MINIMAL);
  if (!isMinimal) return; // another runtime was asked for
  const kept = parser.sources.filter(({ normalizedPath }) => !REPLACED.has(normalizedPath));
  parser.sources.splice(0, Infinity, ...kept);
  parser.parseFile(REPLACEMENT, "~lib/filterwright/assembly/heap.ts", true);
}
