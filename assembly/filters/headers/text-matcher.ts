import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Regex } from "filterwright/assembly/regex";
import { findBytes, startsWith } from "filterwright/assembly/text/slice";

export enum MatchKind {
  Exact,
  Prefix,
  Suffix,
  Contains,
  Regex,
}

// @ts-ignore: decorator
@lazy const KINDS = ["exact", "prefix", "suffix", "contains", "regex"];

/** What a text must be to match; case counts. */
export class TextMatcher {
  private readonly bytes: Bytes;

  /** @param text of `MatchKind.Regex`: the pattern @param regex which must match the whole */
  constructor(
    private readonly kind: MatchKind,
    private readonly text: string,
    readonly regex: Regex | null,
  ) {
    this.bytes = new Bytes(text);
  }

  matches(start: usize, size: i32): bool {
    const wanted = this.bytes.start;
    const wantedSize = <i32>this.bytes.size;
    const end = start + size;
    switch (this.kind) {
      case MatchKind.Exact:
        return size == wantedSize && startsWith(start, end, wanted, wantedSize);
      case MatchKind.Prefix:
        return startsWith(start, end, wanted, wantedSize);
      case MatchKind.Suffix:
        return size >= wantedSize && startsWith(end - wantedSize, end, wanted, wantedSize);
      case MatchKind.Contains:
        return findBytes(start, end, wanted, wantedSize) < end || wantedSize == 0;
      default:
        return this.regex!.matches(start, size);
    }
  }

  describe(to: Description): void {
    to.object();
    to.text("kind", KINDS[this.kind]);
    to.text("text", this.text);
    to.endObject();
  }
}
