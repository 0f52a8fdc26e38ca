import { type ByteString, decodeForDisplay, type HeaderLine, type Response } from "../echo/exchange.ts";
import type { Exchange, LogLine } from "./backend.ts";
import type { Expectation, MessageExpectation } from "./case-file.ts";

/** Holds an exchange against what a case expects. @returns a sentence for each difference; none where all is as expected */
export function compare(expect: Expectation, { response, received, log, traps, metrics }: Exchange): string[] {
  const differences: string[] = [];
  const reached = received !== undefined;
  const wantsReached = expect.reached ?? (expect.request ? true : undefined);
  if (wantsReached !== undefined && wantsReached !== reached) {
    differences.push(
      reached
        ? "expected no request at the upstream, but it got one"
        : `expected a request at the upstream, but it got none; the client got ${response.status} ${decodeForDisplay(response.body)}`,
    );
  }
  if (expect.request && received) {
    const authority = received.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    differences.push(
      ...compareText("request method", expect.request.method, received.method),
      ...compareText("request path", expect.request.path, received.path),
      ...compareText("request authority", expect.request.authority, authority),
      ...compareMessage("request", expect.request, received),
    );
  }
  if (expect.response) {
    differences.push(
      ...compareText("response status", expect.response.status?.toString(), String(response.status)),
      ...compareMessage("response", expect.response, response),
    );
  }
  differences.push(...compareLog(expect.log ?? [], log ?? []));
  for (const [name, change] of Object.entries(expect.metrics ?? {})) {
    const seen = metrics?.[name] ?? 0;
    if (seen !== change) differences.push(`metric ${name}: expected a change of ${change}, seen ${seen}`);
  }
  // A trap may be what the case is about; where something is not as expected, it is the reason.
  return differences.length === 0 ? [] : [...differences, ...traps];
}

/** Each line that a case expects must be there once at least. */
export function compareLog(expected: NonNullable<Expectation["log"]>, seen: LogLine[]): string[] {
  const shown = seen.map(({ level, message }) => `\n    ${level}: ${message}`).join("") || " nothing";
  return expected
    .filter((wanted) => !seen.some((line) => matches(line, wanted)))
    .map(({ level = "", matches: pattern }) => `expected a log line ${level} /${pattern}/, seen:${shown}`);
}

/** How our filters begin the line that says why they refuse a configuration: `accept` of assembly/json. */
const REFUSAL = "configuration refused at ";

/** Holds a refusal against the path that a case expects the first mistake at. */
export function compareRejection(expected: string | true, log: LogLine[]): string[] {
  if (expected === true) return [];
  const refusal = log.find(({ message }) => message.startsWith(REFUSAL));
  const first = refusal?.message.slice(REFUSAL.length);
  if (first?.startsWith(`${expected} (`) || first?.startsWith(`${expected}: `)) return [];
  return [
    `expected the configuration to be refused at ${expected}, seen: ${first ?? "a refusal without a line that says where"}`,
  ];
}

function compareMessage(
  side: string,
  expected: MessageExpectation,
  seen: Pick<Response, "headers" | "body" | "trailers">,
): string[] {
  const differences = [
    ...compareLines(`${side} header`, expected.headers, seen.headers),
    ...compareLines(`${side} trailer`, expected.trailers ?? [], seen.trailers ?? []),
  ];
  for (const name of expected.without) {
    const found = valuesOf(seen.headers, name.toLowerCase());
    if (found.length > 0) differences.push(`${side} header ${name}: expected none, seen ${list(found)}`);
  }
  return [...differences, ...compareText(`${side} body`, expected.body, seen.body)];
}

function compareLines(what: string, expected: HeaderLine[], seen: HeaderLine[]): string[] {
  const names = new Set(expected.map(([name]) => name.toLowerCase()));
  return [...names].flatMap((name) => {
    const wanted = valuesOf(expected, name);
    const found = valuesOf(seen, name);
    const isEqual = wanted.length === found.length && wanted.every((value, i) => value === found[i]);
    return isEqual ? [] : [`${what} ${name}: expected ${list(wanted)}, seen ${list(found)}`];
  });
}

function compareText(what: string, expected: ByteString | undefined, seen: ByteString): string[] {
  if (expected === undefined || expected === seen) return [];
  return [`${what}: expected ${quote(expected)}, seen ${quote(seen)}`];
}

function valuesOf(lines: HeaderLine[], name: string): ByteString[] {
  return lines.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

function list(values: ByteString[]): string {
  return values.length === 0 ? "none" : values.map(quote).join(", ");
}

function quote(value: ByteString): string {
  return JSON.stringify(decodeForDisplay(value));
}

function matches(line: LogLine, wanted: { level?: string; matches: string }): boolean {
  return (wanted.level === undefined || wanted.level === line.level) && new RegExp(wanted.matches).test(line.message);
}
