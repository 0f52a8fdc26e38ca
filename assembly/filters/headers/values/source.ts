import { Pass } from "filterwright/assembly/filters/headers/pass";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** What an operator such as `%REQ(x)%` stands for. */
export abstract class Source {
  /** Writes the value; nothing where there is none. @returns false where it cannot be made */
  abstract write(pass: Pass, to: ByteWriter): bool;
}
