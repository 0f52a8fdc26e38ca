import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";

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
    return decodeUtf8(this.start, this.size);
  }

  // @ts-ignore: decorator
  @inline
  get size(): usize {
    return <usize>this.buffer.byteLength;
  }
}
