import type { Module, Parser } from "./asc-tree.ts";
import { PROBABILITIES_SIZE, pack } from "./pack.ts";
import { toRecords } from "./records.ts";

// A module's static data, packed: texts are most of a filter that explains what is wrong with its configuration, and UTF-16.
// It is unpacked when the module starts, before anything else runs.
//
//     before: | static data, in many segments          | heap ...
//     after:  | where the data is unpacked to          | packed data | where it becomes records | heap ...
//
// Both are heap when the data is unpacked.

const UNPACK = "unpackStaticData";
const SOURCE = `export { ${UNPACK} } from "filterwright/assembly/heap/unpack";`;
/** What asc makes of the statements at the top level, and exports for `--exportStart _initialize`. */
const START = "~start";
const STARTED = "~started";
const INITIALIZE = "_initialize";
/** Less is not worth the code that unpacks it. */
const LEAST_SIZE = 4096;
const PAGE = 65_536;
/** Binaryen's numbers of types. */
const NONE = 0;
const I32 = 2;

/** All sources are parsed: the module gets the function that unpacks. */
export function addUnpacking(parser: Parser): void {
  parser.parseFile(SOURCE, "~lib/filterwright/assembly/static-data.ts", true);
}

/** The module is compiled, and not yet optimised. */
export function packStaticData(module: Module): void {
  const text = module.emitText();
  const unpack = exportedFunction(text, UNPACK);
  if (unpack === undefined) return;
  module.removeExport(UNPACK);
  const data = staticData(module);
  if (exportedFunction(text, INITIALIZE) !== START || data.bytes.length < LEAST_SIZE) return;

  const records = toRecords(data.bytes, data.start);
  const packed = pack(records);
  const { i32 } = module;
  const from = (data.start + data.bytes.length + 15) & ~15;
  const at = (from + packed.length + PROBABILITIES_SIZE + 15) & ~15;
  const end = at + records.length;
  const { initial, max } = module.getMemoryInfo();
  const pages = Math.max(initial, Math.ceil(end / PAGE));
  module.setMemory(pages, max ?? -1, null, [{ name: "0", offset: i32.const(from), data: packed, passive: false }]);
  module.removeExport(INITIALIZE);
  const unpacks = module.call(
    unpack,
    [from, at, end, data.start].map((address) => i32.const(address)),
    NONE,
  );
  const body = module.block(null, [
    module.if(i32.eqz(module.global.get(STARTED, I32)), unpacks),
    module.call(START, [], NONE),
  ]);
  module.addFunction(INITIALIZE, NONE, NONE, [], body);
  module.addFunctionExport(INITIALIZE, INITIALIZE);
}

/** The name of the function that is exported under a name. */
function exportedFunction(text: string, name: string): string | undefined {
  return new RegExp(`\\(export "${name}" \\(func \\$([^)\\s]+)\\)`).exec(text)?.[1];
}

/** All of it as it is in memory when the module starts, without zeros at both ends. */
function staticData(module: Module): { start: number; bytes: Uint8Array } {
  const segments = Array.from({ length: module.getNumDataSegments() }, (_, i) =>
    module.getDataSegmentInfo(module.getDataSegmentByIndex(i)),
  );
  const end = Math.max(0, ...segments.map(({ offset, data }) => offset + data.byteLength));
  const memory = new Uint8Array(end);
  for (const { offset, data } of segments) memory.set(new Uint8Array(data), offset);
  const start = memory.findIndex((byte) => byte !== 0);
  const last = memory.findLastIndex((byte) => byte !== 0);
  return { start, bytes: memory.subarray(start, last + 1) };
}
