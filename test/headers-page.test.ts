// docs/headers.md and docs/recipes.md: every example is run. test/page-examples.ts says how examples are written.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeUtf8, type Pair } from "../src/host/index.ts";
import { type Exchange, type FilterHostOptions, loadFilter, loadFilters } from "../src/vitest/index.ts";
import { projectRoot } from "./guest-module.ts";
import {
  attributesOf,
  type Example,
  type ExampleExchange,
  examplesOf,
  givenBy,
  isOwnAnswer,
  type Line,
  type Message,
  sentIn,
  valuesOf,
} from "./page-examples.ts";

const read = (page: string) => readFileSync(join(projectRoot, page), "utf8");
const FILTER = join(projectRoot, "build/headers.wasm");

/** What the pages show of clock and random numbers. */
function around(): FilterHostOptions {
  const bytes = Buffer.from("3f9a2c1e7b544d089c6e0a1b2c3d4e5f", "hex");
  let at = 0;
  return { now: new Date("2026-03-04T05:06:07.089Z"), random: () => bytes[at++ % bytes.length]! };
}

/** A message as it left the filter, or as it would without one. */
interface Seen {
  request: Line[] | undefined;
  response: Line[];
}

function seenIn({ proxied }: Exchange): Seen {
  const lines = (pairs: readonly Pair[]) => pairs.map(([name, value]): Line => [decodeUtf8(name), decodeUtf8(value)]);
  const { upstream, downstream } = proxied.stream;
  return { request: upstream && lines(upstream.headers), response: lines(downstream!.headers) };
}

function send(filter: ReturnType<typeof loadFilter>, exchange: ExampleExchange): Exchange {
  const { request, answer } = sentIn(exchange);
  const { properties } = givenBy([...exchange.request.attributes, ...exchange.response.attributes]);
  return filter.send({ ...request, properties }, answer);
}

/** What Envoy writes into every answer of its own. */
const OF_REPLIES = new Set(["date", "server", "connection", "content-length"]);

/** @param plain without the filter */
function compare(exchange: ExampleExchange, seen: Seen, plain: Seen): void {
  const { request, response } = exchange;
  if (isOwnAnswer(exchange)) {
    expect(seen.request, "of an answer of the filter's own the upstream hears nothing").toBeUndefined();
    expect(request.after, "and the diff shows the request as it came").toEqual(request.before);
    expect(seen.response.filter(([name]) => !OF_REPLIES.has(name))).toEqual(response.after);
    return;
  }
  compareMessage(request, seen.request!, plain.request!);
  compareMessage(response, seen.response, plain.response);
}

/** @param lines behind the filter @param plain as they would be without it */
function compareMessage(message: Message, lines: Line[], plain: Line[]): void {
  const listed = valuesOf(plain, message);
  const others = (all: Line[]) => all.filter(([name]) => !(name in listed));
  expect(listed, "what the diff says was there before").toEqual(valuesOf(message.before, message));
  expect({ listed: valuesOf(lines, message), others: others(lines) }).toEqual({
    listed: valuesOf(message.after, message),
    others: others(plain),
  });
}

/** Runs an example: all its exchanges through one filter, which logs and counts. */
function run(example: Example): void {
  const { rules, exchanges, log, counters } = example;
  const { environment } = givenBy(attributesOf(example));
  const filter = loadFilter(FILTER, { rootId: "headers", config: rules, environment, ...around() });
  const plain = loadFilters([], around());
  const logged: string[] = [];
  for (const exchange of exchanges) {
    const proxied = send(filter, exchange);
    expect(proxied.traps).toEqual([]);
    compare(exchange, seenIn(proxied), seenIn(send(plain, exchange)));
    logged.push(...proxied.logs.map(({ level, message }) => `${level} ${message}`));
  }
  expect(logged).toEqual(log);
  if (!counters) return;
  filter.tick();
  const counted = Object.entries(filter.metrics).filter(([, value]) => value > 0);
  expect(counted.map(([name, value]) => `${name}: ${value}`).toSorted()).toEqual(counters.toSorted());
}

describe.each(["docs/headers.md", "docs/recipes.md"])("%s", (page) => {
  test.each(examplesOf(read(page)).map((example) => ({ ...example, at: `${page}:${example.line}` })))(
    "$at, $heading: comes out as shown",
    run,
  );
});
