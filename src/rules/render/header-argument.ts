/** What `X`, `X?Y`, `X[n]` and `X[*]` ask for. */
export interface HeaderArgument {
  /** Of the header, and of one that stands in where it is missing. In lower case; `host` of a request is `:authority`. */
  names: string[];
  /** Of the line, from 0. */
  index: number | "all";
}

/** Operators that read a header of the request, and of the response. */
const OF_REQUEST = new Set(["REQ", "REQUEST_HEADER", "ORIG_REQ"]);
const OF_RESPONSE = new Set(["RESP", "RESPONSE_HEADER", "ORIG_RESP"]);

/** Reads the argument of an operator for headers, which the filter has found to be good. @returns undefined for another operator */
export function headerArgument(operator: string, argument: string): HeaderArgument | undefined {
  if (!OF_REQUEST.has(operator) && !OF_RESPONSE.has(operator)) return undefined;
  const [, text = "", index = "0"] = /^(.*?)(?:\[([^\]]*)\])?$/s.exec(argument) ?? [];
  const mark = text.indexOf("?");
  const names = mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)];
  return {
    names: names.map((name) => canonicalName(name, OF_REQUEST.has(operator))),
    index: index === "*" ? "all" : Number(index),
  };
}

function canonicalName(name: string, isRequest: boolean): string {
  const lower = name.toLowerCase();
  return isRequest && lower === "host" ? ":authority" : lower;
}
