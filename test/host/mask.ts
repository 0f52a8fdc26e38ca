// Values that no two runs share, by the names that they go by.
import type { Pair } from "../../src/host/index.ts";
import { decodePairs, encodePairs } from "../../src/host/pairs.ts";
import type { Outcome, Received } from "./exchange.ts";

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";
const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

/** How long the upstream took. */
const SERVICE_TIME = "x-envoy-upstream-service-time";

/** @param program that the outcome is of */
export function masked(outcome: Outcome, program: readonly string[]): Outcome {
  return {
    ...outcome,
    said: outcome.said.map((line) => maskSaid(line, program)),
    upstream: outcome.upstream && maskMessage(outcome.upstream),
    client: outcome.client && maskMessage(outcome.client),
    calls: outcome.calls.map(maskMessage),
  };
}

function maskMessage(message: Received): Received {
  return { ...message, headers: message.headers.map(maskLine), trailers: message.trailers.map(maskLine) };
}

/** Attributes that tell the time. */
const TIMES = new Set(["request.time", "request.duration", "response.backend_latency"]);

/** @param line `NAMES: NUMBER CALL RESULT...`, of the program's line of that number */
function maskSaid(line: string, program: readonly string[]): string {
  const [, call, first = "", name = ""] = program[Number(line.split(": ")[1]?.split(" ")[0])]?.split(" ") ?? [];
  if (call === "property" && TIMES.has(fromHex(first).replaceAll("\0", "."))) return line.replace(/ x.*$/, " time");
  const headerName = call === "get" ? fromHex(name).toLowerCase() : "";
  return line.replace(/x(?:[0-9a-f]{2})+$/, (word) => maskHex(word, headerName));
}

function maskHex(word: string, headerName: string): string {
  const bytes = fromHex(word);
  const pairs = decodePairs(bytes);
  const text = pairs.length > 0 ? encodePairs(pairs.map(maskLine)) : maskLine([headerName, bytes])[1];
  return `x${Buffer.from(text, "latin1").toString("hex")}`;
}

const fromHex = (word: string): string => Buffer.from(word.slice(1), "hex").toString("latin1");

function maskLine([name, value]: Pair): Pair {
  return [name, maskText(name.toLowerCase() === SERVICE_TIME ? value.replace(/^\d+/, "0") : value)];
}

function maskText(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, REQUEST_ID)
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/, DATE);
}
