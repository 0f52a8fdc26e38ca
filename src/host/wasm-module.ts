import { WasmReader } from "./wasm-reader.ts";

// What a module is made of, as far as JavaScript's WebAssembly does not tell: types, bodies, sizes. The binary format:
// https://webassembly.github.io/spec/core/binary/modules.html

export interface WasmModule {
  imports: Import[];
  exports: Export[];
  /** Imported ones too. */
  memories: Limits[];
  /** What the start section names: it runs before the host has the module's memory. */
  start: number | undefined;
  /** The code of the module's own functions: their locals and instructions. */
  bodies: Uint8Array[];
  /** In order; a custom section with its name. */
  sections: { id: number; name: string; size: number }[];
}

const KINDS = ["function", "table", "memory", "global", "tag"] as const;
export type Kind = (typeof KINDS)[number];

export interface Import {
  module: string;
  name: string;
  kind: Kind;
  /** Of a function: parameters and results by their letters, such as `ii:i`. */
  type: string;
  /** Of a memory or a table. */
  limits?: Limits;
}

export interface Export {
  name: string;
  kind: Kind;
  index: number;
  /** Of a function. */
  type: string;
}

/** In pages of 64 KiB, or entries of a table. */
export interface Limits {
  initial: number;
  maximum?: number;
  isShared: boolean;
}

export const Section = {
  Custom: 0,
  Type: 1,
  Import: 2,
  Function: 3,
  Memory: 5,
  Export: 7,
  Start: 8,
  Code: 10,
  Data: 11,
} as const;

/** @param bytes a module that the engine has compiled, so that it is well-formed */
export function readModule(bytes: Uint8Array): WasmModule {
  const module: WasmModule = { imports: [], exports: [], memories: [], start: undefined, bodies: [], sections: [] };
  const types: string[] = [];
  /** Of every function, imported ones first, its type. */
  const functions: string[] = [];
  const addImport = (entry: Import) => {
    module.imports.push(entry);
    if (entry.kind === "function") functions.push(entry.type);
    if (entry.kind === "memory") module.memories.push(entry.limits!);
  };
  const reader = new WasmReader(bytes);
  reader.at = 8; // behind the magic number and the version
  while (!reader.isAtEnd) {
    const id = reader.byte();
    const section = new WasmReader(reader.take(reader.number()));
    module.sections.push({ id, name: id === Section.Custom ? section.name() : "", size: section.bytes.length });
    if (id === Section.Type) section.each(() => types.push(section.functionType()));
    else if (id === Section.Import) section.each(() => addImport(readImport(section, types)));
    else if (id === Section.Function) section.each(() => functions.push(types[section.number()]!));
    else if (id === Section.Memory) module.memories.push(...section.each(() => readLimits(section)));
    else if (id === Section.Export) module.exports = section.each(() => readExport(section));
    else if (id === Section.Start) module.start = section.number();
    else if (id === Section.Code) module.bodies = section.each(() => section.take(section.number()));
  }
  for (const entry of module.exports) if (entry.kind === "function") entry.type = functions[entry.index]!;
  return module;
}

function readImport(reader: WasmReader, types: string[]): Import {
  const entry = { module: reader.name(), name: reader.name(), kind: KINDS[reader.byte()]!, type: "" };
  switch (entry.kind) {
    case "function":
      return { ...entry, type: types[reader.number()]! };
    case "table":
      reader.valueType();
      return { ...entry, limits: readLimits(reader) };
    case "memory":
      return { ...entry, limits: readLimits(reader) };
    case "global":
      reader.valueType();
      reader.byte(); // whether it can change
      return entry;
    case "tag":
      reader.byte(); // its attribute
      reader.number(); // its type
      return entry;
  }
}

function readExport(reader: WasmReader): Export {
  return { name: reader.name(), kind: KINDS[reader.byte()]!, index: reader.number(), type: "" };
}

function readLimits(reader: WasmReader): Limits {
  const flags = reader.byte();
  const initial = reader.number();
  return { initial, ...((flags & 1) !== 0 && { maximum: reader.number() }), isShared: (flags & 2) !== 0 };
}
