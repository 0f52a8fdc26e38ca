// Templates: §5 of the rules language. An operator is `%NAME(ARGUMENTS):MAX|pipe|pipe(argument)%`.

import { Value } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { GroupSource } from "filterwright/assembly/filters/headers/values/group-source";
import { makePipe } from "filterwright/assembly/filters/headers/values/make-pipe";
import { makeSource } from "filterwright/assembly/filters/headers/values/make-source";
import { Literal } from "filterwright/assembly/filters/headers/values/literal";
import { Part, Template } from "filterwright/assembly/filters/headers/values/template";
import { parseSize } from "filterwright/assembly/text/parse-size";
import { isFieldValue } from "filterwright/assembly/http/field";
import { decimal, quote, textFrom } from "filterwright/assembly/text/format";

/** A template that is no substitution: a backslash means nothing. */
export const NO_GROUPS = -1;

/**
 * Reads a template. What is wrong with it is told at `at`.
 *
 * @param groups how many groups a substitution may name, beside the match itself, which is `\\0`; or `NO_GROUPS`
 */
export function parseTemplate(text: string, at: Value, side: Side, groups: i32): Template {
  return new TemplateParser(text, at, side, groups).run();
}

class TemplateParser {
  private readonly template: Template = new Template();
  private next: i32 = 0;
  /** Text since the last operator. */
  private plain: string = "";

  constructor(
    private readonly text: string,
    private readonly at: Value,
    private readonly side: Side,
    private readonly groups: i32,
  ) {}

  run(): Template {
    const text = this.text;
    const template = this.template;
    if (!isFieldValue(text)) this.side.problems.addExpected(this.at, "a value without control characters");
    while (this.next < text.length) {
      const c = text.charCodeAt(this.next++);
      if (c == BACKSLASH && this.groups != NO_GROUPS) {
        if (!this.group()) return template;
      } else if (c != PERCENT) this.takePlain();
      else if (this.peek() == PERCENT) {
        this.plain += "%";
        this.advance();
      } else if (!this.operator()) return template;
    }
    if (template.parts.length == 0) template.text = new Bytes(this.plain);
    else this.endPlain();
    return template;
  }

  /** Text up to the next sign that may mean something; the first of it was read. */
  private takePlain(): void {
    const start = this.next - 1;
    while (this.peek() != 0 && this.peek() != PERCENT && this.peek() != BACKSLASH) this.next++;
    this.plain += this.text.substring(start, this.next);
  }

  /** Behind its backslash. @returns false where it is none, which was told then */
  private group(): bool {
    const start = this.next - 1;
    const c = this.peek();
    this.advance();
    if (c == BACKSLASH) {
      this.plain += "\\";
      return true;
    }
    const group = c - 0x30;
    if (<u32>group > <u32>min(this.groups, 9)) {
      const last = this.groups == 0 ? "" : " to \\" + decimal(min(this.groups, 9));
      return this.fail(start, "\\0" + last + ", what the pattern has matched, or \\\\ for a backslash");
    }
    this.endPlain();
    this.template.parts.push(new Part(new GroupSource(group), "GROUP", decimal(group)));
    return true;
  }

  /** Behind its first percent sign. @returns false where it is none, which was told then */
  private operator(): bool {
    const start = this.next - 1;
    const name = this.word();
    if (name.length == 0) return this.fail(start, "an operator such as %REQ(x)%, or %% for a percent sign");
    const args = this.argument();
    const source = makeSource(name, args, this.side);
    if (source === null) return this.fail(start, this.side.expected);
    const part = new Part(source, name, args);
    if (this.peek() == COLON) {
      this.advance();
      const digits = this.word();
      const size = parseSize(digits);
      if (size < 0) return this.fail(start, "a length behind the colon, found " + quote(digits));
      part.maxSize = size;
    }
    while (this.peek() == BAR) {
      this.advance();
      const pipeStart = this.next;
      const pipeName = this.word();
      const pipe = makePipe(pipeName, this.argument(), this.side);
      if (pipe === null) return this.fail(start, this.side.expected);
      pipe.text = this.text.substring(pipeStart, this.next);
      part.pipes.push(pipe);
    }
    if (this.peek() != PERCENT) return this.fail(start, "a percent sign at the operator's end");
    this.advance();
    this.endPlain();
    this.template.parts.push(part);
    return true;
  }

  /** What stands in parentheses, if they stand here: to the one that closes them, pairs within it included. */
  private argument(): string {
    if (this.peek() != OPEN) return "";
    const start = ++this.next;
    for (let depth = 1; this.next < this.text.length; this.next++) {
      const c = this.text.charCodeAt(this.next);
      if (c == OPEN) depth++;
      else if (c == CLOSE && --depth == 0) return this.text.substring(start, this.next++);
    }
    return textFrom(this.text, start);
  }

  /** Letters, digits and underscores. */
  private word(): string {
    const start = this.next;
    while (isWordCharacter(this.peek())) this.next++;
    return this.text.substring(start, this.next);
  }

  private advance(): void {
    this.next++;
  }

  /** 0 at the end. */
  private peek(): i32 {
    return this.next < this.text.length ? this.text.charCodeAt(this.next) : 0;
  }

  private endPlain(): void {
    const text = this.plain;
    if (text.length > 0) this.template.parts.push(new Part(new Literal(text), "", text));
    this.plain = "";
  }

  private fail(start: i32, expected: string): bool {
    this.side.problems.add(this.at, "expected " + expected + ", in " + quote(textFrom(this.text, start)));
    this.template.text = new Bytes("");
    return false;
  }
}

const PERCENT = 0x25;
const OPEN = 0x28;
const CLOSE = 0x29;
const COLON = 0x3a;
const BAR = 0x7c;
const BACKSLASH = 0x5c;

function isWordCharacter(c: i32): bool {
  return ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a) || (c >= 0x30 && c <= 0x39) || c == 0x5f;
}
