import { formEncode, formEquals } from "filterwright/assembly/encoding/form";
import { Parameters } from "filterwright/assembly/http/parameters";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { findByte } from "filterwright/assembly/text/slice";

/**
 * The parameters in the query of a `:path` (WHATWG URL §5.1), names and values as they are written: `formDecode` decodes them.
 * Names are compared decoded. One without `=` has an empty value.
 */
export class Query extends Parameters {
  constructor() {
    super(0x26);
  }

  /** @param start a `:path`, which has the query behind its first `?` */
  begin(start: usize, size: i32): void {
    const end = start + size;
    this.enter(start, min(findByte(0x3f, start, end) + 1, end), end);
  }

  /** Bytes of the path without the query. */
  get pathSize(): i32 {
    return <i32>(findByte(0x3f, this.start, this.end) - this.start);
  }

  /** Writes the `:path` without the parameters of a name; without its `?` where none is left. @returns whether there were any */
  writeWithout(to: ByteWriter, name: usize, size: i32): bool {
    const before = to.size;
    const wereAny = super.writeWithout(to, name, size);
    if (wereAny && to.size - before == <i32>(this.list - this.start)) to.size--;
    return wereAny;
  }

  protected isNamed(name: usize, size: i32): bool {
    return formEquals(this.nameStart, this.nameSize, name, size);
  }
}

/**
 * Writes a parameter, form-encoded, behind a `:path` that was written before.
 *
 * @param path the size that the writer had before that
 */
export function appendParameter(
  to: ByteWriter,
  path: i32,
  name: usize,
  nameSize: i32,
  value: usize,
  valueSize: i32,
): void {
  const query = findByte(0x3f, to.start + path, to.end);
  if (query == to.end) to.byte(0x3f);
  else if (query + 1 < to.end && load<u8>(to.end - 1) != 0x26) to.byte(0x26);
  formEncode(to, name, nameSize);
  to.byte(0x3d);
  formEncode(to, value, valueSize);
}
