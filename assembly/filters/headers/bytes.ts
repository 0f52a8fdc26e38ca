import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";

/** `--runtime stub`, as its values are numbered. */
const STUB = 0;

// The standard library's encoder is 400 bytes more.
const writer = new ByteWriter();

/** Bytes that stay where they are: a name or a value of the configuration, in whose region they are. */
export class Bytes {
  readonly start: usize;
  readonly size: usize;

  constructor(text: string) {
    if (ASC_RUNTIME != STUB)
      ERROR("What this filter makes lives in regions (assembly/heap/regions.ts): compile it with --runtime stub");
    writer.clear();
    writer.text(text);
    this.start = changetype<usize>(writer.toArrayBuffer());
    this.size = writer.size;
  }

  writeTo(to: ByteWriter): void {
    to.bytes(this.start, <i32>this.size);
  }

  toString(): string {
    return decodeUtf8(this.start, this.size);
  }
}
