import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Property } from "filterwright/assembly/filters/headers/property";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { writeDouble } from "filterwright/assembly/text/double";
import { TimeFormat } from "filterwright/assembly/time/time-format";
import { isText } from "filterwright/assembly/text/utf8";

/** How an attribute is read. */
export enum AttributeKind {
  /** By its bytes, which do not say of which type they are: as a text, a whole number, or true or false. */
  Plain,
  /** A value in metadata, which may be a double, too. */
  Metadata,
  /** An address, without its port. */
  Host,
}

/** An attribute of the stream: `%ATTR(X)%`, `%START_TIME(FORMAT)%`, and other operators that stand for one. */
export class AttributeSource extends Source {
  private readonly property: Property;

  /** @param path as `Property` has it @param format of an attribute that is a time */
  constructor(
    path: string,
    private readonly kind: AttributeKind,
    private readonly format: TimeFormat | null = null,
  ) {
    super();
    this.property = new Property(path);
  }

  write(pass: Pass, to: ByteWriter): bool {
    const property = this.property;
    if (!property.fetch()) return true;
    const kind = this.kind;
    const format = this.format;
    const start = property.start;
    const size = property.size;
    if (kind == AttributeKind.Host) writeHost(to, start, start + size);
    else if (size == 8 && format !== null) format.write(to, load<i64>(start));
    else if (size == 8) return writeWord(to, start, kind == AttributeKind.Metadata);
    else if (size == 1 && load<u8>(start) <= 1) to.text(load<u8>(start) == 1 ? "true" : "false");
    else to.bytes(start, size);
    return true;
  }
}

/**
 * Eight bytes: a whole number, a double, or a text. Whole numbers (sizes, codes, ports, nanoseconds of a duration) are below 2^52,
 * where the top twelve bits are all the same: no UTF-8 ends in them, and no double but 0 that one meets.
 */
function writeWord(to: ByteWriter, start: usize, mayBeDouble: bool): bool {
  const word = load<i64>(start);
  const top = word >> 52;
  if (top == 0 || top == -1) to.integer(word);
  else if (mayBeDouble && !isText(start, start + 8)) return writeDouble(to, load<f64>(start));
  else to.bytes(start, 8);
  return true;
}

/** Of `1.2.3.4:56` and `[::1]:56` what stands before the port, without brackets; any other address, such as a pipe's path, whole. */
function writeHost(to: ByteWriter, start: usize, end: usize): void {
  let at = end;
  while (at > start && <u8>(load<u8>(at - 1) - 0x30) < 10) at--;
  if (at > start && load<u8>(at - 1) == 0x3a) end = at - 1;
  if (end > start && load<u8>(start) == 0x5b) {
    start++;
    end--;
  }
  to.bytes(start, <i32>(end - start));
}
