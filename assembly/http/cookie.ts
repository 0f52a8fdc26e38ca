import { Parameters } from "filterwright/assembly/http/parameters";
import { equalBytes } from "filterwright/assembly/text/slice";

/**
 * The cookies of a `cookie` line (RFC 6265 §4.2) as Envoy reads them (source/common/http/utility.cc, forEachCookie): a part
 * without `=` is none, quotes around a value are not its own. Blanks beside the `=` are not either, as for most servers. Values
 * are not decoded, names have a case and may repeat.
 *
 *     cookies.begin(start, size);
 *     if (cookies.find(name, nameSize)) ... // valueStart, valueSize
 *     cookies.begin(start, size);
 *     if (cookies.writeWithout(to, name, nameSize) && to.size == 0) ... // no cookie is left
 */
export class Cookies extends Parameters {
  constructor() {
    super(0x3b);
  }

  begin(start: usize, size: i32): void {
    this.enter(start, start, start + size);
  }

  /** Moves to the next cookie. */
  next(): bool {
    while (super.next()) {
      if (!this.hasValue) continue;
      const start = this.valueStart;
      const size = this.valueSize;
      if (size >= 2 && load<u8>(start) == 0x22 && load<u8>(start + size - 1) == 0x22) {
        this.valueStart = start + 1;
        this.valueSize = size - 2;
      }
      return true;
    }
    return false;
  }

  protected isNamed(name: usize, size: i32): bool {
    return equalBytes(this.nameStart, this.nameSize, name, size);
  }
}
