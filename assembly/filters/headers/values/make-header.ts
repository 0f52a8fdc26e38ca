import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { canonicalName, nameProblem } from "filterwright/assembly/filters/headers/names";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { ALL_LINES, HeaderSource } from "filterwright/assembly/filters/headers/values/header-source";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { parseSize } from "filterwright/assembly/text/parse-size";
import { quote, textFrom } from "filterwright/assembly/text/format";

/** Makes the source of an operator that is a header: `X`, `X?Y`, `X[n]`, `X[*]`. */
export function makeHeader(argument: string, isRequest: bool, moment: Moment, side: Side): Source | null {
  const open = argument.indexOf("[");
  const rest = open < 0 ? argument : argument.substring(0, open);
  let index = 0;
  if (open >= 0) {
    const inside = textFrom(argument, open);
    index = inside == "[*]" ? ALL_LINES : parseSize(inside.substring(1, inside.length - 1));
    if (inside != "[*]" && (index < 0 || inside.charCodeAt(inside.length - 1) != 0x5d)) {
      return side.expect("a header's name with an index such as [0] or [*], found " + quote(argument));
    }
  }
  const mark = rest.indexOf("?");
  const first = canonicalName(mark < 0 ? rest : rest.substring(0, mark), isRequest);
  const second = mark < 0 ? "" : canonicalName(textFrom(rest, mark + 1), isRequest);
  let wrong = nameProblem(first);
  if (wrong.length == 0 && mark >= 0) wrong = nameProblem(second);
  if (wrong.length > 0) return side.expect(textFrom(wrong, "expected ".length));
  const name = new HeaderName(first);
  let otherwise: HeaderName | null = null;
  side.needs.headers(moment, name);
  if (mark >= 0) {
    otherwise = new HeaderName(second);
    side.needs.headers(moment, otherwise);
  }
  return new HeaderSource(moment, name, index, otherwise);
}
