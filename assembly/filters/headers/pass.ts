import { Groups } from "filterwright/assembly/filters/headers/groups";
import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { HeaderMapTypeValues } from "filterwright/assembly/runtime/enums";

/** A message on its way through the rules: what values are made of, and what operations write. */
export class Pass {
  readonly headers: HeaderLines;
  /** For the operation at hand. */
  readonly newLines: NewLines = new NewLines();
  /** What a substitution refers to. */
  readonly groups: Groups = new Groups();

  constructor(readonly isRequest: bool) {
    this.headers = new HeaderLines(
      isRequest ? HeaderMapTypeValues.RequestHeaders : HeaderMapTypeValues.ResponseHeaders,
    );
  }
}
