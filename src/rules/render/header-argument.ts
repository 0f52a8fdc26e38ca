/** What an operator that reads a header asks for. */
export interface HeaderArgument {
  message: "request" | "response";
  /** As it is before any rule. */
  isOriginal: boolean;
  /** Of the header, and of one that stands in where it is missing. In lower case; `host` of a request is `:authority`. */
  names: string[];
  /** Of the line, from 0. */
  index: number | "all";
}

/** Operators that read a header. */
const OPERATORS: Record<string, Pick<HeaderArgument, "message" | "isOriginal">> = {
  REQ: { message: "request", isOriginal: false },
  REQUEST_HEADER: { message: "request", isOriginal: false },
  ORIG_REQ: { message: "request", isOriginal: true },
  RESP: { message: "response", isOriginal: false },
  RESPONSE_HEADER: { message: "response", isOriginal: false },
  ORIG_RESP: { message: "response", isOriginal: true },
};

/** The same by other names. */
const ALIASES: Record<string, string> = {
  "METHOD()": ":method",
  "SCHEME()": ":scheme",
  "PATH()": ":path",
  "PATH(WQ)": ":path",
};

/** Reads an operator and its argument, which the filter has found to be good. @returns undefined for one that reads no header */
export function headerArgument(operator: string, argument: string): HeaderArgument | undefined {
  const alias = ALIASES[`${operator}(${argument})`];
  if (alias !== undefined) return { ...OPERATORS["REQ"]!, names: [alias], index: 0 };
  const kind = OPERATORS[operator];
  if (kind === undefined) return undefined;
  const [, text = "", index = "0"] = /^(.*?)(?:\[([^\]]*)\])?$/s.exec(argument) ?? [];
  const mark = text.indexOf("?");
  const names = mark < 0 ? [text] : [text.slice(0, mark), text.slice(mark + 1)];
  return {
    ...kind,
    names: names.map((name) => canonicalName(name, kind.message === "request")),
    index: index === "*" ? "all" : Number(index),
  };
}

function canonicalName(name: string, isRequest: boolean): string {
  const lower = name.toLowerCase();
  return isRequest && lower === "host" ? ":authority" : lower;
}
