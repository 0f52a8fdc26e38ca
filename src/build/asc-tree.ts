// The parts of asc's objects that our transform uses; asc has no types for transforms that a program may import.

/** A node of the syntax tree. */
export interface Node {
  name?: { text: string };
  /** Of a class; other kinds of nodes have something else by that name. */
  members?: Node[] | object | null;
  statements?: Node[] | object | null;
}

export interface Parser {
  sources: (Node & { normalizedPath: string })[];
  /** Parses a source; what it imports is read and parsed when the transforms are through. */
  parseFile(text: string, path: string, isEntry: boolean): void;
}

/** What asc knows of what it compiles. */
export interface Program {
  options: {
    /** `--runtime`: 0 is `stub`, 1 is `minimal`, 2 is `incremental`, and an author's own. */
    runtime: number;
    shrinkLevelHint: number;
  };
}

/** What we use of Binaryen beside its modules. */
export interface Binaryen {
  ExpressionIds: Record<"Block" | "Const" | "If" | "LocalSet", number>;
  Block(block: Expression): { removeChildAt(index: number): Expression };
  getFunctionInfo(func: FunctionRef): { name: string; body: Expression };
  getExpressionInfo(expression: Expression): {
    id: number;
    /** Of a block. */
    children?: Expression[];
    /** Of a call. */
    target?: string;
    operands?: Expression[];
    /** Of a number; one of 64 bits may be an object. */
    value?: unknown;
  };
  emitText(expression: Expression): string;
  setOptimizeLevel(level: number): void;
  setShrinkLevel(level: number): void;
  setAlwaysInlineMaxSize(size: number): void;
  setFlexibleInlineMaxSize(size: number): void;
  setOneCallerInlineMaxSize(size: number): void;
  setAllowInliningFunctionsWithLoops(isAllowed: boolean): void;
}

/** Binaryen's module. */
export interface Module {
  optimize(): void;
  getNumFunctions(): number;
  getFunctionByIndex(index: number): FunctionRef;
  getNumExports(): number;
  getExportByIndex(index: number): unknown;
  removeExport(name: string): void;
  emitText(): string;
  getMemoryInfo(): { initial: number; max?: number };
  setMemory(initial: number, maximum: number, exportName: string | null, segments: DataSegment[]): void;
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): unknown;
  getDataSegmentInfo(segment: unknown): { offset: number; data: ArrayBuffer };
  addFunction(name: string, params: Type, results: Type, locals: Type[], body: Expression): void;
  addFunctionExport(name: string, exportName: string): void;
  block(name: string | null, children: Expression[]): Expression;
  if(condition: Expression, then: Expression): Expression;
  call(name: string, operands: Expression[], result: Type): Expression;
  global: { get(name: string, type: Type): Expression };
  i32: { const(value: number): Expression; eqz(value: Expression): Expression };
}

/** Binaryen's number for a type of WebAssembly. */
type Type = number;
export type Expression = number;
export type FunctionRef = number;

interface DataSegment {
  name: string;
  offset: Expression;
  data: Uint8Array;
  passive: boolean;
}
