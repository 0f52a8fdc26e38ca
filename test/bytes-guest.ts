import { instantiateGuest } from "./guest-module.ts";

/** Bytes are handed over as an address and a size. */
export type Argument = Uint8Array | string | number | bigint;

export interface BytesGuest {
  /** Calls an export that writes. @returns what it returned, and what it wrote, behind what there was before */
  write(name: string, ...args: Argument[]): { result: number; bytes: Buffer };
  /** True where an export that writes does the same whatever stands behind its slices. */
  isSteady(name: string, ...args: Argument[]): boolean;
  /** Calls an export that does not write. */
  call(name: string, ...args: Argument[]): number;
  /** All that is written. */
  output(): Buffer;
  memorySize(): number;
}

interface Exports {
  memory: WebAssembly.Memory;
  allocate(size: number): number;
  release(start: number): void;
  writer(): number;
  outputStart(): number;
  outputSize(): number;
}

/** What stands behind each slice, so that a function which reads too far does not go unnoticed. */
const BEHIND = ["=1;&,f%41", "\0\0\0\0\0\0\0\0\0", '"=:.:/9Zz', "4567890Sf"].map((text) => Buffer.from(text));

/** Instantiates a guest that has the exports of test/guest/byte-exchange.ts. */
export async function bytesGuest(name: string): Promise<BytesGuest> {
  const exports = await instantiateGuest(name);
  const guest = exports as unknown as Exports;
  let calls = 0;
  const call = (entry: string, ...args: Argument[]): number => {
    const taken: number[] = [];
    const behind = BEHIND[calls++ % BEHIND.length]!;
    const expanded = args.flatMap((arg) => {
      if (typeof arg === "number" || typeof arg === "bigint") return [arg];
      const bytes = Buffer.from(arg as string);
      const at = guest.allocate(bytes.length + behind.length) >>> 0;
      taken.push(at);
      new Uint8Array(guest.memory.buffer).set(Buffer.concat([bytes, behind]), at);
      return [at, bytes.length];
    });
    const result = (exports[entry] as (...numbers: (number | bigint)[]) => number)(...expanded);
    for (const at of taken) guest.release(at);
    return result;
  };
  const output = (from = 0): Buffer => {
    const start = guest.outputStart() >>> 0;
    return Buffer.from(guest.memory.buffer.slice(start + from, start + guest.outputSize()));
  };
  const write: BytesGuest["write"] = (entry, ...args) => {
    const before = guest.outputSize();
    const result = call(entry, guest.writer(), ...args);
    return { result, bytes: output(before) };
  };
  return {
    call,
    write,
    isSteady(entry, ...args) {
      const [first, ...others] = BEHIND.map(() => write(entry, ...args));
      return others.every(({ result, bytes }) => result === first!.result && bytes.equals(first!.bytes));
    },
    output: () => output(),
    memorySize: () => guest.memory.buffer.byteLength,
  };
}
