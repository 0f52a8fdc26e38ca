import { Captured } from "filterwright/assembly/filters/headers/captured";
import { Groups } from "filterwright/assembly/filters/headers/groups";
import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { HeaderMapTypeValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** A message on its way through the rules: what values are made of, and what operations write. */
export class Pass {
  /** What values are made of and operations write: the message, or what a shadow rule would make of it. */
  headers: HeaderLines;
  /** The message itself. */
  readonly message: HeaderLines;
  readonly rehearsal: HeaderLines;
  /** For the operation at hand. */
  readonly newLines: NewLines = new NewLines();
  /** What a substitution refers to. */
  readonly groups: Groups = new Groups();
  /** What `%CAPTURE(n)%` refers to. */
  readonly captured: Captured = new Captured();

  constructor(
    readonly isRequest: bool,
    private readonly needs: Needs,
  ) {
    const type = isRequest ? HeaderMapTypeValues.RequestHeaders : HeaderMapTypeValues.ResponseHeaders;
    const message = new HeaderLines(type);
    this.message = message;
    this.headers = message;
    this.rehearsal = new HeaderLines(type, true);
  }

  /** A message comes by, of which nothing is known. */
  begin(): void {
    this.message.begin();
    this.headers = this.message;
  }

  lines(moment: Moment): HeaderList {
    switch (moment) {
      case Moment.Now:
        return this.headers.lines;
      case Moment.AfterRequest:
        return this.needs.afterRequest.lines;
      case Moment.BeforeRequest:
        return this.needs.beforeRequest.lines;
      default:
        return this.needs.beforeResponse.lines;
    }
  }
}
