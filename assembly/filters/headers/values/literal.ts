import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** A text that is the same for every message. */
export class Literal extends Source {
  private readonly bytes: Bytes;

  constructor(text: string) {
    super();
    this.bytes = new Bytes(text);
  }

  write(pass: Pass, to: ByteWriter): bool {
    this.bytes.writeTo(to);
    return true;
  }
}
