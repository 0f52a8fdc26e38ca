import { type ByteString, fromBytes, toBytes } from "./bytes.ts";

/** A module's linear memory. Addresses come from the module and may be anything: every access is checked. */
export class GuestMemory {
  private readonly memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  /** Bytes of memory that there are now. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /** @returns undefined where it is not all in memory */
  read(address: number, size: number): ByteString | undefined {
    return this.has(address, size)
      ? fromBytes(new Uint8Array(this.memory.buffer, address >>> 0, size >>> 0))
      : undefined;
  }

  /** @returns false where it does not all fit into memory */
  write(address: number, bytes: ByteString | Uint8Array): boolean {
    if (!this.has(address, bytes.length)) return false;
    const source = typeof bytes === "string" ? toBytes(bytes) : bytes;
    new Uint8Array(this.memory.buffer).set(source, address >>> 0);
    return true;
  }

  /** @returns undefined where it is not in memory */
  readU32(address: number): number | undefined {
    return this.has(address, 4) ? new DataView(this.memory.buffer).getUint32(address >>> 0, true) : undefined;
  }

  writeU32(address: number, value: number): boolean {
    if (!this.has(address, 4)) return false;
    new DataView(this.memory.buffer).setUint32(address >>> 0, value, true);
    return true;
  }

  writeU64(address: number, value: bigint): boolean {
    if (!this.has(address, 8)) return false;
    new DataView(this.memory.buffer).setBigUint64(address >>> 0, value, true);
    return true;
  }

  private has(address: number, size: number): boolean {
    return (address >>> 0) + (size >>> 0) <= this.memory.buffer.byteLength;
  }
}
