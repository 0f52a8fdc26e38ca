import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { Regex } from "filterwright/assembly/regex";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { equalBytes, findBytes } from "filterwright/assembly/text/slice";
import { characterAt, characterSize } from "filterwright/assembly/text/utf8";

/** Which of a pattern's matches are replaced. */
export enum Matches {
  All,
  First,
  /** The text, if all of it matches. */
  Whole,
}

// @ts-ignore: decorator
@lazy const MATCHES = ["all", "first", "whole"];

/** What `replace` does to a text. */
export class Substitution {
  /** Where the match that was found begins, and ends. */
  private begin: i32 = 0;
  private end: i32 = 0;
  private readonly literal: Bytes;

  /** @param pattern that of the regex; where there is none, what is looked for */
  constructor(
    private readonly regex: Regex | null,
    private readonly pattern: string,
    private readonly template: Template,
    private readonly which: Matches,
  ) {
    this.literal = new Bytes(pattern);
  }

  /** Writes the text with what takes the place of its matches. */
  write(pass: Pass, start: usize, size: i32, to: ByteWriter): Outcome {
    let copied = 0;
    let from = 0;
    let lastEnd = -1;
    while (from <= size && this.find(pass, start, size, from)) {
      // A match of nothing does not count where the one before it ended: as in RE2's GlobalReplace.
      if (this.end == this.begin && this.end == lastEnd) {
        if (this.end == size) break;
        characterAt(start + this.end, start + size);
        from = this.end + <i32>characterSize;
        continue;
      }
      to.bytes(start + copied, this.begin - copied);
      pass.groups.set(start, this.begin, this.end, this.regex);
      const outcome = this.template.write(pass, to);
      if (outcome != Outcome.Applied) return outcome;
      copied = lastEnd = from = this.end;
      if (this.which != Matches.All) break;
    }
    to.bytes(start + copied, size - copied);
    return Outcome.Applied;
  }

  private find(pass: Pass, start: usize, size: i32, from: i32): bool {
    const regex = this.regex;
    if (regex === null) return this.findLiteral(start, size, from);
    const isFound = this.which == Matches.Whole ? regex.matches(start, size) : regex.search(start, size, from);
    this.begin = regex.groupStart(0);
    this.end = regex.groupEnd(0);
    return isFound;
  }

  private findLiteral(start: usize, size: i32, from: i32): bool {
    const literal = this.literal.start;
    const literalSize = <i32>this.literal.size;
    const end = start + size;
    const at =
      this.which != Matches.Whole
        ? findBytes(start + from, end, literal, literalSize)
        : equalBytes(start, size, literal, literalSize)
          ? start
          : end;
    this.begin = <i32>(at - start);
    this.end = this.begin + literalSize;
    return at < end;
  }

  describe(to: Description): void {
    to.text(this.regex === null ? "literal" : "regex", this.pattern);
    to.template("substitution", this.template);
    to.text("match", MATCHES[this.which]);
  }
}
