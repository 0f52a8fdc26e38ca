import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { canonicalName, nameProblem } from "filterwright/assembly/filters/headers/names";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { ALL_LINES, HeaderSource } from "filterwright/assembly/filters/headers/values/header-source";
import { Literal } from "filterwright/assembly/filters/headers/values/literal";
import { parseSize } from "filterwright/assembly/text/parse-size";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { quote } from "filterwright/assembly/text/format";

/** A source, or what was expected in its place. */
export class MadeSource {
  problem: string = "";
  source: Source | null = null;
}

/** Makes the source of an operator. */
export function makeSource(name: string, argument: string, side: Side): MadeSource {
  const made = new MadeSource();
  if (name == "LITERAL") made.source = new Literal(argument);
  else if (name == "REQ" || name == "REQUEST_HEADER") {
    header(made, argument, true, side.isRequest ? Moment.Now : Moment.AfterRequest, side);
  } else if (name == "ORIG_REQ") {
    header(made, argument, true, Moment.BeforeRequest, side);
    if (!side.isRequest) side.needs.keepsBeforeRequest = true;
  } else if (name == "RESP" || name == "RESPONSE_HEADER" || name == "ORIG_RESP") {
    if (side.isRequest) made.problem = `an operator that the request's pass knows, found ${name}`;
    else header(made, argument, false, name == "ORIG_RESP" ? Moment.BeforeResponse : Moment.Now, side);
  } else {
    made.problem = `an operator, found ${quote(name)}`;
  }
  return made;
}

/** `X`, `X?Y`, `X[n]`, `X[*]`. */
function header(made: MadeSource, argument: string, isRequest: bool, moment: Moment, side: Side): void {
  let rest = argument;
  let index = 0;
  if (rest.endsWith("]")) {
    const open = rest.lastIndexOf("[");
    const inside = open < 0 ? "" : rest.substring(open + 1, rest.length - 1);
    index = inside == "*" ? ALL_LINES : parseSize(inside);
    if (inside != "*" && index < 0) {
      made.problem = `a header's name with an index such as [0] or [*], found ${quote(argument)}`;
      return;
    }
    rest = rest.substring(0, open);
  }
  const mark = rest.indexOf("?");
  const first = canonicalName(mark < 0 ? rest : rest.substring(0, mark), isRequest);
  const second = mark < 0 ? "" : canonicalName(rest.substring(mark + 1), isRequest);
  made.problem = nameProblem(first);
  if (made.problem.length == 0 && mark >= 0) made.problem = nameProblem(second);
  if (made.problem.length > 0) {
    made.problem = made.problem.replace("expected ", "");
    return;
  }
  const name = new HeaderName(first);
  let otherwise: HeaderName | null = null;
  side.needs.headers(moment, name);
  if (mark >= 0) {
    otherwise = new HeaderName(second);
    side.needs.headers(moment, otherwise);
  }
  made.source = new HeaderSource(moment, name, index, otherwise);
}
