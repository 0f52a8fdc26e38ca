import { FilterwrightError } from "../errors.ts";
import { Exchange } from "./exchange.ts";
import { Filter } from "./filter.ts";
import type { Received, ReceivedResponse } from "./message.ts";

// What stands in `expect(...)`. A matcher looks first: what is not its own it refuses, under `.not` too, where "it does not have
// it" would else be true of anything.

/** @throws FilterwrightError FW_USAGE */
export function messageIn(subject: unknown): Received {
  return isMessage(subject) ? subject : refuse("a request or a response", subject);
}

/** @throws FilterwrightError FW_USAGE */
export function responseIn(subject: unknown): ReceivedResponse {
  return isMessage(subject) && "status" in subject ? (subject as ReceivedResponse) : refuse("a response", subject);
}

/** @throws FilterwrightError FW_USAGE */
export function exchangeIn(subject: unknown): Exchange {
  return subject instanceof Exchange ? subject : refuse("an exchange", subject);
}

/** @throws FilterwrightError FW_USAGE */
export function filterIn(subject: unknown): Filter {
  return subject instanceof Filter ? subject : refuse("a filter", subject);
}

/** @throws FilterwrightError FW_USAGE */
export function exchangeOrFilterIn(subject: unknown): Exchange | Filter {
  const isEither = subject instanceof Exchange || subject instanceof Filter;
  return isEither ? subject : refuse("a filter or an exchange", subject);
}

function isMessage(subject: unknown): subject is Received {
  return typeof subject === "object" && subject !== null && "headers" in subject && "bytes" in subject;
}

function refuse(expected: string, subject: unknown): never {
  const found = nameOf(subject);
  const advice = ADVICE[expected.split(" ").at(-1)!]?.[found];
  throw new FilterwrightError("FW_USAGE", `expected ${expected}, found ${found}${advice ? `: ${advice}` : ""}`);
}

function nameOf(subject: unknown): string {
  if (subject instanceof Exchange) return "an exchange";
  if (subject instanceof Filter) return "a filter";
  if (isMessage(subject)) return "status" in subject ? "a response" : "a request";
  return subject === undefined || subject === null ? "none" : "something else";
}

const FOR_MESSAGE: Record<string, string> = {
  "an exchange": "write expect(exchange.response) or expect(exchange.request)",
  "a filter": "write expect(filter.send().response)",
  none: "it did not come this far; the exchange knows why, see expect(exchange).toBeHeld(), exchange.traps, exchange.logs",
};

const FOR_EXCHANGE: Record<string, string> = {
  "a filter": "write expect(filter.send())",
  "a request": "write expect(exchange), without .request",
  "a response": "write expect(exchange), without .response",
  none: "write expect(exchange), without .request or .response",
};

/** What to write instead, by the last word of what is expected and by what was found. */
const ADVICE: Record<string, Record<string, string>> = {
  response: FOR_MESSAGE,
  exchange: FOR_EXCHANGE,
  filter: { ...FOR_EXCHANGE, "an exchange": "write expect(filter)" },
};
