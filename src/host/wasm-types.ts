// The types of a module's imported and exported functions, which JavaScript's WebAssembly does not tell. The binary format:
// https://webassembly.github.io/spec/core/binary/modules.html

export interface FunctionType {
  /** Of an import. */
  module?: string;
  name: string;
  /** Parameters and results: i for i32, l for i64, f for f32, d for f64, x for others; such as `ii:i`. */
  type: string;
}

const LETTERS: Record<number, string> = { 0x7f: "i", 0x7e: "l", 0x7d: "f", 0x7c: "d" };
const TYPE_SECTION = 1;
const IMPORT_SECTION = 2;
const FUNCTION_SECTION = 3;
const EXPORT_SECTION = 7;

/** @param bytes a module that the engine has compiled, so that it is well-formed */
export function functionTypes(bytes: Uint8Array): { imports: FunctionType[]; exports: FunctionType[] } {
  const reader = new Reader(bytes);
  const types: string[] = [];
  const imports: FunctionType[] = [];
  /** Of every function, imported ones first, its type. */
  const functions: string[] = [];
  const exports: FunctionType[] = [];
  reader.at = 8;
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (id === TYPE_SECTION) reader.each(() => types.push(readType(reader)));
    else if (id === IMPORT_SECTION) reader.each(() => readImport(reader, types, imports, functions));
    else if (id === FUNCTION_SECTION) reader.each(() => functions.push(types[reader.number()]!));
    else if (id === EXPORT_SECTION) reader.each(() => readExport(reader, functions, exports));
    reader.at = end;
  }
  return { imports, exports };
}

function readType(reader: Reader): string {
  reader.byte(); // 0x60: a function
  const letters = () => reader.each(() => LETTERS[reader.byte()] ?? "x").join("");
  return `${letters()}:${letters()}`;
}

function readImport(reader: Reader, types: string[], imports: FunctionType[], functions: string[]): void {
  const module = reader.name();
  const name = reader.name();
  switch (reader.byte()) {
    case 0: {
      const type = types[reader.number()]!;
      imports.push({ module, name, type });
      functions.push(type);
      return;
    }
    case 1: // a table
      reader.byte();
      reader.limits();
      return;
    case 2: // a memory
      reader.limits();
      return;
    default: // a global
      reader.byte();
      reader.byte();
  }
}

function readExport(reader: Reader, functions: string[], exports: FunctionType[]): void {
  const name = reader.name();
  const kind = reader.byte();
  const index = reader.number();
  if (kind === 0) exports.push({ name, type: functions[index]! });
}

class Reader {
  at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** LEB128, unsigned. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name(): string {
    const size = this.number();
    this.at += size;
    return new TextDecoder().decode(this.bytes.subarray(this.at - size, this.at));
  }

  limits(): void {
    const hasMaximum = (this.byte() & 1) === 1;
    this.number();
    if (hasMaximum) this.number();
  }

  each<T>(read: () => T): T[] {
    return Array.from({ length: this.number() }, read);
  }
}
