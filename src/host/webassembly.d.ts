// Every engine has it; @types/node has not, and the DOM's declarations would bring a browser along.
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  type Imports = Record<string, Record<string, unknown>>;
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): { module: string; name: string }[];
    exports(module: Module): { name: string }[];
  };
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(limits: { initial: number; maximum: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  const Table: { new (limits: { initial: number; maximum?: number; element: string }): object };
  class RuntimeError extends Error {}
  class CompileError extends Error {}
  class LinkError extends Error {}
  function instantiate(bytes: Uint8Array, imports: Imports): Promise<{ instance: Instance }>;
}
