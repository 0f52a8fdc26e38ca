import {
  decodeForDisplay,
  type ByteString,
  type HeaderLine,
  type ReceivedRequest,
  type Response,
} from "../echo/exchange.ts";

/** One thing that a filter changed in a message. Values are for a person to read. */
export interface Change {
  side: "request" | "response";
  part: "method" | "path" | "authority" | "status" | "header" | "body" | "trailer";
  /** Of a header or trailer, in lower case. */
  name?: string;
  /** Absent where there was none. */
  from?: string;
  /** Absent where it is gone. */
  to?: string;
}

type Difference = Omit<Change, "side" | "part">;

/** @param from the request as it would be without the filter @param to as it left the filter */
export function requestChanges(from: ReceivedRequest, to: ReceivedRequest): Change[] {
  const authority = ({ headers }: ReceivedRequest) => headers.find(([name]) => name.toLowerCase() === "host")?.[1];
  return [
    ...placed("request", "method", compareText(from.method, to.method)),
    ...placed("request", "path", compareText(from.path, to.path)),
    ...placed("request", "authority", compareText(authority(from), authority(to))),
    ...placed("request", "header", compareLines(from.headers, to.headers, ["host"])),
    ...placed("request", "body", compareText(from.body, to.body)),
    ...placed("request", "trailer", compareLines(from.trailers, to.trailers)),
  ];
}

/** @param from the response as it would be without the filter; undefined where the upstream gave none */
export function responseChanges(from: Response | undefined, to: Response): Change[] {
  const { status, headers, body, trailers = [] } = from ?? { status: undefined, headers: [], body: "" };
  return [
    ...placed("response", "status", compareText(status?.toString(), String(to.status))),
    ...placed("response", "header", compareLines(headers, to.headers)),
    ...placed("response", "body", compareText(body, to.body)),
    ...placed("response", "trailer", compareLines(trailers, to.trailers ?? [])),
  ];
}

function placed(side: Change["side"], part: Change["part"], differences: Difference[]): Change[] {
  return differences.map((difference) => ({ side, part, ...difference }));
}

/** Nothing and an empty text are the same. */
function compareText(from: ByteString = "", to: ByteString = ""): Difference[] {
  if (from === to) return [];
  return [
    {
      ...(from !== "" && { from: decodeForDisplay(from) }),
      ...(to !== "" && { to: decodeForDisplay(to) }),
    },
  ];
}

/** Name by name: between lines of different names, HTTP knows no order. */
function compareLines(from: readonly HeaderLine[], to: readonly HeaderLine[], except: string[] = []): Difference[] {
  const names = new Set([...from, ...to].map(([name]) => name.toLowerCase()));
  return [...names].filter((name) => !except.includes(name)).flatMap((name) => compareValues(name, from, to));
}

function compareValues(name: string, from: readonly HeaderLine[], to: readonly HeaderLine[]): Difference[] {
  const before = valuesOf(from, name);
  const after = valuesOf(to, name);
  if (before.length === after.length && before.every((value, i) => value === after[i])) return [];
  if (before.length === 1 && after.length === 1) return [{ name, from: before[0]!, to: after[0]! }];
  const gone = without(before, after);
  const come = without(after, before);
  // The same lines in another order: all of them are said.
  const isOrder = gone.length + come.length === 0;
  return [
    ...(isOrder ? before : gone).map((value) => ({ name, from: value })),
    ...(isOrder ? after : come).map((value) => ({ name, to: value })),
  ];
}

function valuesOf(lines: readonly HeaderLine[], name: string): string[] {
  return lines.filter(([other]) => other.toLowerCase() === name).map(([, value]) => decodeForDisplay(value));
}

/** What is left of values when others are taken away, each once. */
function without(values: string[], others: string[]): string[] {
  const left = [...others];
  return values.filter((value) => {
    const i = left.indexOf(value);
    if (i >= 0) left.splice(i, 1);
    return i < 0;
  });
}
