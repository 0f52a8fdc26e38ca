import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// The standard library's encoder is 400 bytes more.
const writer = new ByteWriter();

/** Bytes that stay where they are: a name or a value of the configuration. */
export class Bytes {
  /** Keeps the memory. */
  private readonly buffer: ArrayBuffer;

  constructor(text: string) {
    writer.clear();
    writer.text(text);
    this.buffer = writer.toArrayBuffer();
  }

  // @ts-ignore: decorator
  @inline
  get start(): usize {
    return changetype<usize>(this.buffer);
  }

  toString(): string {
    return String.UTF8.decode(this.buffer);
  }

  // @ts-ignore: decorator
  @inline
  get size(): usize {
    return <usize>this.buffer.byteLength;
  }
}
