import type { Module, Parser } from "./asc-tree.ts";
import { replaceHeap } from "./heap.ts";
import { addUnpacking, packStaticData } from "./static-data.ts";
import { UnusedCallbacks } from "./unused-callbacks.ts";

/**
 * The asc transform that `filterwright build` applies. Also for plain asc: `"options": { "transform":
 * ["filterwright/transform"] }` in asconfig.json. The methods are asc's hooks.
 */
export default class Transform {
  private readonly callbacks = new UnusedCallbacks();

  afterParse(parser: Parser): void {
    this.callbacks.afterParse(parser);
    replaceHeap(parser);
    addUnpacking(parser);
  }

  afterCompile(module: Module): void {
    this.callbacks.afterCompile(module);
    packStaticData(module);
  }
}
