import type { Binaryen, Module, Parser, Program } from "./asc-tree.ts";
import { replaceHeap } from "./heap.ts";
import { addUnpacking, packStaticData } from "./static-data.ts";
import { UnusedCallbacks } from "./unused-callbacks.ts";
import { dropZeroStores } from "./zero-stores.ts";

/** `--runtime minimal`, as asc numbers it: the one whose objects are not zeroed. */
const MINIMAL = 1;

/**
 * The asc transform that `filterwright build` applies. Also for plain asc: `"options": { "transform":
 * ["filterwright/transform"] }` in asconfig.json. The methods are asc's hooks.
 */
export default class Transform {
  /** What asc gives to a transform that is a class. */
  declare readonly program: Program;
  declare readonly binaryen: Binaryen;

  private readonly callbacks = new UnusedCallbacks();

  afterParse(parser: Parser): void {
    this.callbacks.afterParse(parser);
    replaceHeap(parser);
    addUnpacking(parser);
  }

  afterCompile(module: Module): void {
    const { runtime, shrinkLevelHint } = this.program.options;
    this.callbacks.afterCompile(module);
    if (runtime !== MINIMAL) dropZeroStores(module, this.binaryen);
    packStaticData(module);
    if (shrinkLevelHint >= 2) this.optimizeOnceMore(module, shrinkLevelHint);
  }

  /**
   * Binaryen's own choice of passes, before asc's: a hundredth less where size counts. What else its passes go by is Binaryen's
   * default, and set because asc sets it for all modules that one process compiles.
   */
  private optimizeOnceMore(module: Module, shrinkLevel: number): void {
    const { binaryen } = this;
    binaryen.setOptimizeLevel(2);
    binaryen.setShrinkLevel(shrinkLevel);
    binaryen.setAlwaysInlineMaxSize(2);
    binaryen.setFlexibleInlineMaxSize(20);
    binaryen.setOneCallerInlineMaxSize(NO_LIMIT);
    binaryen.setAllowInliningFunctionsWithLoops(false);
    module.optimize();
  }
}

/** A size that no function has. */
const NO_LIMIT = 0x7fffffff;
