import { FilterwrightError } from "../errors.ts";

/** Letters for the types of parameters and results: `ii:i` is two i32 and an i32 back. */
const LETTERS: Record<number, string> = {
  0x7f: "i",
  0x7e: "l",
  0x7d: "f",
  0x7c: "d",
  0x7b: "v",
  0x70: "r",
  0x6f: "e",
};

/** Reads what WebAssembly's binary format is made of. The bytes are well-formed: the engine has compiled them. */
export class WasmReader {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
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

  /** So many bytes. */
  take(size: number): Uint8Array {
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.number()));
  }

  each<T>(read: () => T): T[] {
    return Array.from({ length: this.number() }, read);
  }

  /** The letter of a parameter's, result's or local's type. */
  valueType(): string {
    return LETTERS[this.byte()] ?? unreadable();
  }

  functionType(): string {
    if (this.byte() !== 0x60) unreadable();
    const letters = () => this.each(() => this.valueType()).join("");
    return `${letters()}:${letters()}`;
  }
}

function unreadable(): never {
  throw new FilterwrightError("FW_MODULE", "the module cannot be loaded: it has types that are not of WebAssembly 2.0");
}
