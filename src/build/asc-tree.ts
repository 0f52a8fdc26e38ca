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

/** Binaryen's module. */
export interface Module {
  getNumExports(): number;
  getExportByIndex(index: number): unknown;
  removeExport(name: string): void;
  emitText(): string;
}
