import { expect } from "vitest";
import { Exchange } from "./exchange.ts";
import { Filter } from "./filter.ts";
import type { Received, ReceivedResponse } from "./message.ts";

/** What a header, a body or a line of log is to be: the text, one that matches, or of a header all of its lines. */
type Wanted = string | RegExp;

export interface FilterMatchers {
  /** Of a request or response: it has the header, with that value alone, or with those in that order. */
  toHaveHeader(name: string, value?: Wanted | readonly Wanted[]): void;
  /** Of a request or response: as `toHaveHeader`. */
  toHaveTrailer(name: string, value?: Wanted | readonly Wanted[]): void;
  /** Of a response. */
  toHaveStatus(status: number): void;
  /** Of a request or response. */
  toHaveBody(body: Wanted): void;
  /** Of an exchange: the filter answered it by itself. */
  toHaveLocalReply(status: number, body?: Wanted): void;
  /** Of an exchange: the upstream got the request. */
  toHaveReachedUpstream(): void;
  /** Of an exchange: the filter holds its request or response. */
  toBeHeld(): void;
  /** Of an exchange, or a filter: a plugin logged such a line. */
  toHaveLogged(message: Wanted, level?: string): void;
  /** Of a filter. */
  toHaveMetric(name: string, value: number): void;
  /** Of an exchange, or a filter: these host calls were made, in this order, others between them or not. */
  toHaveCalled(...calls: Wanted[]): void;
}

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends FilterMatchers {}
}

interface Verdict {
  pass: boolean;
  message: () => string;
  actual?: unknown;
  expected?: unknown;
}

/** Teaches vitest's `expect` our matchers. */
export function extendExpect(): void {
  expect.extend(matchers);
}

const matchers: Parameters<typeof expect.extend>[0] = {
  toHaveHeader: (message: Received | undefined, name: string, value?: Wanted | readonly Wanted[]) =>
    lines("header", message, message?.headers, name, value),
  toHaveTrailer: (message: Received | undefined, name: string, value?: Wanted | readonly Wanted[]) =>
    lines("trailer", message, message?.trailers, name, value),
  toHaveStatus: (response: ReceivedResponse | undefined, status: number): Verdict => ({
    pass: response?.status === status,
    message: () => `expected the status ${status}, found ${response?.status ?? NOTHING}`,
  }),
  toHaveBody: (message: Received | undefined, body: Wanted): Verdict => ({
    pass: message !== undefined && fits(message.body, body),
    message: () => `expected ${message ? "another body" : `a message, found ${NOTHING}`}`,
    ...(message && { actual: message.body, expected: body }),
  }),
  toHaveLocalReply: (exchange: Exchange, status: number, body?: Wanted): Verdict => ({
    pass:
      exchange.details !== undefined &&
      exchange.response?.status === status &&
      (body === undefined || fits(exchange.response.body, body)),
    message: () =>
      `expected a local reply ${status}${body === undefined ? "" : ` ${body}`}, found ${outcome(exchange)}`,
  }),
  toHaveReachedUpstream: (exchange: Exchange): Verdict => ({
    pass: exchange.request !== undefined,
    message: () => `expected a request at the upstream or none, found ${outcome(exchange)}`,
  }),
  toBeHeld: (exchange: Exchange): Verdict => ({
    pass: exchange.isHeld.request || exchange.isHeld.response,
    message: () => `expected an exchange that is held or not, found ${outcome(exchange)}`,
  }),
  toHaveLogged(subject: Exchange | Filter, message: Wanted, level?: string): Verdict {
    const seen = subject.logs.map((line) => `${line.level}: ${line.message}`);
    const isSuch = (line: { level: string; message: string }) =>
      (level === undefined || line.level === level) && fits(line.message, message);
    return {
      pass: subject.logs.some(isSuch),
      message: () => `expected a line of log ${level ?? ""} ${show(message)}, found ${list(seen)}`,
    };
  },
  toHaveMetric: (filter: Filter, name: string, value: number): Verdict => ({
    pass: filter.metrics[name] === value,
    message: () => `expected the metric ${name} to be ${value}, found ${filter.metrics[name] ?? "none"}`,
    actual: filter.metrics,
    expected: { ...filter.metrics, [name]: value },
  }),
  toHaveCalled(subject: Exchange | Filter, ...calls: Wanted[]): Verdict {
    const made = subject.trace.filter((line) => line.includes(" -> "));
    let at = 0;
    for (const line of made) if (at < calls.length && isCall(line, calls[at]!)) at++;
    return {
      pass: at === calls.length,
      message: () =>
        `expected the host call ${at < calls.length ? show(calls[at]!) : "not to be made"}, found ${list(made)}`,
    };
  },
};

const NOTHING = "no message: it did not come this far";

function lines(
  what: string,
  message: Received | undefined,
  all: [string, string][] | undefined,
  name: string,
  value: Wanted | readonly Wanted[] | undefined,
): Verdict {
  if (!all) return { pass: false, message: () => `expected the ${what} ${name}, found ${NOTHING}` };
  const seen = all.filter(([other]) => other === name.toLowerCase()).map(([, text]) => text);
  const wanted = value === undefined ? undefined : [value].flat();
  const isThere = wanted
    ? seen.length === wanted.length && seen.every((text, i) => fits(text, wanted[i]!))
    : seen.length > 0;
  const of = wanted ? ` with ${wanted.map(show).join(", ")}` : "";
  const rest =
    seen.length > 0 ? seen.map(show).join(", ") : `none; there are ${list(all.map((line) => line.join(": ")))}`;
  return {
    pass: isThere,
    message: () => `expected the ${what} ${name}${of}, or none such, found ${rest}`,
    ...(wanted && seen.length > 0 && { actual: seen, expected: wanted }),
  };
}

/** `proxy_log` is any call of it, `proxy_log(info, "x")` the call with these arguments, whatever it answered. */
function isCall(line: string, wanted: Wanted): boolean {
  if (typeof wanted !== "string") return wanted.test(line);
  return line === wanted || line.startsWith(`${wanted}(`) || line.startsWith(`${wanted} -> `);
}

function fits(text: string, wanted: Wanted): boolean {
  return typeof wanted === "string" ? text === wanted : wanted.test(text);
}

function show(wanted: Wanted): string {
  return typeof wanted === "string" ? JSON.stringify(wanted) : String(wanted);
}

function list(texts: string[]): string {
  return texts.length === 0 ? "none" : texts.map((text) => `\n  ${text}`).join("");
}

function outcome({ response, details, isHeld, isReset, request }: Exchange): string {
  if (response)
    return `${details === undefined ? "the upstream's" : "a local"} response ${response.status} ${show(response.body)}`;
  if (isReset) return "a stream that was reset";
  if (isHeld.request) return "a request that is held";
  if (isHeld.response) return "a response that is held";
  return request ? "a request that waits for its response" : "a request that is not complete";
}
