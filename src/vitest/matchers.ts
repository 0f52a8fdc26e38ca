import { expect } from "vitest";
import { exchangeMatchers } from "./match-exchange.ts";
import { messageMatchers } from "./match-message.ts";
import type { Wanted } from "./wanted.ts";

/**
 * What `expect` has learnt. Each throws FW_USAGE on what it is not about, under `.not` too: a header that is missing from a
 * response which did not come is no finding.
 */
export interface FilterMatchers {
  /**
   * Of a request or response: it has the header; with a value, that one line and no other of the name; with a list, those lines in
   * that order. So `.not.toHaveHeader("set-cookie", "a=1")` holds of two lines, `a=1` and `b=2`: see `toHaveHeaderLine`.
   */
  toHaveHeader(name: string, value?: Wanted | readonly Wanted[]): void;
  /** Of a request or response: one of the lines of that name, or the only one, is the value. */
  toHaveHeaderLine(name: string, value: Wanted): void;
  /** Of a request or response: as `toHaveHeader`. */
  toHaveTrailer(name: string, value?: Wanted | readonly Wanted[]): void;
  /** Of a request or response: as `toHaveHeaderLine`. */
  toHaveTrailerLine(name: string, value: Wanted): void;
  /** Of a response. */
  toHaveStatus(status: number): void;
  /** Of a request or response. */
  toHaveBody(body: Wanted): void;
  /** Of an exchange: the filter, or Envoy, answered in place of the upstream; with that status, if one is given. */
  toHaveLocalReply(status?: number, body?: Wanted): void;
  /** Of an exchange: the upstream got the whole request. Under `.not`: it got nothing of it. */
  toHaveReachedUpstream(): void;
  /** Of an exchange: the filter holds its request or response. */
  toBeHeld(): void;
  /** Of an exchange, or a filter: a plugin logged such a line. */
  toHaveLogged(message: Wanted, level?: string): void;
  /** Of a filter that has the metric, a counter or a gauge. */
  toHaveMetric(name: string, value: number): void;
  /** Of an exchange, or a filter: these host calls were made, in this order, others between them or not. */
  toHaveCalled(...calls: Wanted[]): void;
}

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends FilterMatchers {}
}

/** Teaches vitest's `expect` our matchers. */
export function extendExpect(): void {
  expect.extend({ ...messageMatchers, ...exchangeMatchers });
}
