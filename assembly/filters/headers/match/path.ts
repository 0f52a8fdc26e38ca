import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { PATH } from "filterwright/assembly/filters/headers/well-known";
import { Regex } from "filterwright/assembly/regex";
import { equalBytes, findByte, startsWith } from "filterwright/assembly/text/slice";

/** A condition on the path without its query. */
abstract class PathCondition extends Condition {
  holds(pass: Pass): bool {
    const headers = pass.headers;
    if (!headers.has(PATH)) return false;
    const start = headers.valueStart;
    return this.holdsFor(pass, start, findByte(0x3f, start, start + headers.valueSize));
  }

  protected abstract holdsFor(pass: Pass, start: usize, end: usize): bool;
}

/** `{type: Exact}`. */
export class PathIs extends PathCondition {
  private readonly path: Bytes;

  constructor(path: string) {
    super();
    this.path = new Bytes(path);
  }

  protected holdsFor(pass: Pass, start: usize, end: usize): bool {
    return equalBytes(start, <i32>(end - start), this.path.start, <i32>this.path.size);
  }

  describe(to: Description): void {
    to.text("condition", "path");
    to.bytesOf("exact", this.path);
  }
}

/** `{type: PathPrefix}`: element by element, so that `/foo` has `/foo` and `/foo/x`, and not `/foobar`. */
export class PathStartsWith extends PathCondition {
  /** Without a slash at its end: `/foo/` means what `/foo` does (Gateway API). */
  private readonly prefix: Bytes;

  constructor(prefix: string) {
    super();
    const last = prefix.length - 1;
    this.prefix = new Bytes(prefix.charCodeAt(last) == 0x2f ? prefix.substring(0, last) : prefix);
  }

  protected holdsFor(pass: Pass, start: usize, end: usize): bool {
    const size = this.prefix.size;
    if (!startsWith(start, end, this.prefix.start, <i32>size)) return false;
    return start + size == end || load<u8>(start + size) == 0x2f;
  }

  describe(to: Description): void {
    to.text("condition", "path");
    to.bytesOf("prefix", this.prefix);
  }
}

/** `{type: RegularExpression}`. */
export class PathMatches extends PathCondition {
  constructor(private readonly regex: Regex) {
    super();
  }

  protected holdsFor(pass: Pass, start: usize, end: usize): bool {
    return pass.captured.match(this.regex, start, <i32>(end - start));
  }

  describe(to: Description): void {
    to.text("condition", "path");
    to.text("regex", this.regex.pattern);
  }
}
