import { Parameters } from "filterwright/assembly/http/parameters";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { equalIgnoringCase } from "filterwright/assembly/text/slice";

/**
 * A `set-cookie` line as browsers read it (RFC 6265 §5.2): `NAME=VALUE`, then attributes, whose names have no case. Of a repeated
 * attribute the last one counts. The line may be edited by `writeWith` and `writeWithout`, after `begin`.
 *
 *     if (line.begin(start, size)) {
 *       ... // nameStart, nameSize, valueStart, valueSize: the cookie
 *       while (line.next()) ... // the same: an attribute
 *     }
 */
export class SetCookie extends Parameters {
  constructor() {
    super(0x3b);
  }

  /** Reads the cookie's name and value. @returns false where the line sets no cookie */
  begin(start: usize, size: i32): bool {
    this.enter(start, start, start + size);
    return this.next() && this.from == start && this.hasValue && this.nameSize > 0;
  }

  /** Writes the line with another value; after `begin`. */
  writeValue(to: ByteWriter, value: usize, size: i32): void {
    const behind = this.valueStart + this.valueSize;
    to.bytes(this.start, <i32>(this.valueStart - this.start));
    to.bytes(value, size);
    to.bytes(behind, <i32>(this.end - behind));
  }

  protected isNamed(name: usize, size: i32): bool {
    return equalIgnoringCase(this.nameStart, this.nameSize, name, size);
  }
}
