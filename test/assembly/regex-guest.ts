import { instantiateGuest } from "../guest-module.ts";

/** Of each group, group 0 first, where it begins and ends; -1 where it took no part. Null where there is no match. */
export type Spans = [start: number, end: number][] | null;

interface Exports {
  memory: WebAssembly.Memory;
  allocate(size: number): number;
  parse(): void;
  errorStart(): number;
  errorLength(): number;
  groupCount(): number;
  programSize(): number;
  groupIndex(): number;
  matches(): number;
  search(from: number): number;
  groupStart(group: number): number;
  groupEnd(group: number): number;
  stepCount(): number;
  freeBlock(size: number): number;
}

/** The engine, in a module that holds one regular expression. */
export class RegexGuest {
  private readonly guest: Exports;

  private constructor(guest: Exports) {
    this.guest = guest;
  }

  static async load(): Promise<RegexGuest> {
    return new RegexGuest((await instantiateGuest("regex")) as unknown as Exports);
  }

  /** @returns what is wrong with the pattern; empty where nothing is */
  parse(pattern: string): string {
    this.put(Buffer.from(pattern, "utf16le"));
    this.guest.parse();
    const { memory, errorStart, errorLength } = this.guest;
    return Buffer.from(memory.buffer, errorStart() >>> 0, errorLength() * 2).toString("utf16le");
  }

  matches(text: Uint8Array): Spans {
    this.put(text);
    return this.guest.matches() ? this.spans() : null;
  }

  search(text: Uint8Array, from = 0): Spans {
    this.put(text);
    return this.guest.search(from) ? this.spans() : null;
  }

  /** Searches once more in the text of the last search. */
  searchAgain(): void {
    this.guest.search(0);
  }

  groupIndex(name: string): number {
    this.put(Buffer.from(name, "utf16le"));
    return this.guest.groupIndex();
  }

  /** Steps that `search` takes, or `matches`. */
  steps(text: Uint8Array, whole: boolean): number {
    this.put(text);
    const before = this.guest.stepCount();
    if (whole) this.guest.matches();
    else this.guest.search(0);
    return this.guest.stepCount() - before;
  }

  /** Blocks that the heap would give next, a size each: they change when anything is taken from it. */
  freeBlocks(): number[] {
    return Array.from({ length: 500 }, (_, i) => this.guest.freeBlock((i + 1) * 32));
  }

  get programSize(): number {
    return this.guest.programSize();
  }

  get memorySize(): number {
    return this.guest.memory.buffer.byteLength;
  }

  /** Where a group of the last match begins and ends. */
  group(group: number): [number, number] {
    return [this.guest.groupStart(group), this.guest.groupEnd(group)];
  }

  private spans(): Spans {
    return Array.from({ length: this.guest.groupCount() + 1 }, (_, group) => this.group(group));
  }

  private put(bytes: Uint8Array): void {
    const at = this.guest.allocate(bytes.length) >>> 0;
    new Uint8Array(this.guest.memory.buffer).set(bytes, at);
  }
}
