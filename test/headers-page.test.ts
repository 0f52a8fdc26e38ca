// docs/headers.md and docs/recipes.md: every example is run. test/page-examples.ts says how examples are written.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeUtf8, type Pair } from "../src/host/index.ts";
import { type Exchange, type FilterHostOptions, loadFilter, loadFilters } from "../src/vitest/index.ts";
import { projectRoot } from "./guest-module.ts";
import { type Example, type ExampleExchange, examplesOf, givenBy, type Line, type Message } from "./page-examples.ts";

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

const isPseudo = ([name]: Line) => name.startsWith(":");

function send(filter: ReturnType<typeof loadFilter>, { request, response }: ExampleExchange): Exchange {
  const first = (message: Message, name: string) => message.before.find(([other]) => other === name)?.[1];
  const { properties } = givenBy([...request.attributes, ...response.attributes]);
  const status = first(response, ":status");
  return filter.send(
    {
      method: first(request, ":method"),
      path: first(request, ":path"),
      authority: first(request, ":authority"),
      headers: request.before.filter((line) => !isPseudo(line)),
      properties,
    },
    {
      status: status === undefined ? undefined : Number(status),
      headers: response.before.filter((line) => !isPseudo(line)),
    },
  );
}

/** Lines by name: of the names that a diff lists, and of all others. */
function table(lines: Line[], listed: ReadonlySet<string>) {
  const named: Record<string, string[]> = {};
  for (const name of listed) named[name] = lines.filter(([other]) => other === name).map(([, value]) => value);
  return { named, others: lines.filter(([name]) => !listed.has(name)) };
}

function namesIn({ before, after }: Message): ReadonlySet<string> {
  return new Set([...before, ...after].map(([name]) => name));
}

/** Without what Envoy writes into every answer of its own. */
const OF_REPLIES = new Set(["date", "server", "connection", "content-length"]);

const isOwnAnswer = ({ after, before }: Message) =>
  after.some(([name]) => name === ":status") && !before.some(([name]) => name === ":status");

/** @param plain without the filter */
function compare(exchange: ExampleExchange, seen: Seen, plain: Seen): void {
  const { request, response } = exchange;
  const isAnswer = isOwnAnswer(response);
  if (isAnswer) expect(seen.request, "an answer of the filter's own").toBeUndefined();
  for (const [message, lines, before] of [
    ...(isAnswer ? [] : [[request, seen.request!, plain.request!] as const]),
    ...(isAnswer ? [] : [[response, seen.response, plain.response] as const]),
  ]) {
    const listed = namesIn(message);
    const was = table(before, listed);
    expect(was.named, "what the diff says was there before").toEqual(table(message.before, listed).named);
    expect(table(lines, listed)).toEqual({ named: table(message.after, listed).named, others: was.others });
  }
  if (isAnswer) expect(seen.response.filter(([name]) => !OF_REPLIES.has(name))).toEqual(response.after);
}

/** Runs an example: each exchange in a filter of its own, of which the last says what was logged and counted by all. */
function run({ rules, exchanges, log, counters }: Example): void {
  const all = exchanges.flatMap(({ request, response }) => [...request.attributes, ...response.attributes]);
  const filter = loadFilter(FILTER, { rootId: "headers", config: rules, ...around(), ...pick(givenBy(all)) });
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

const pick = ({ environment }: ReturnType<typeof givenBy>) => ({ environment });

describe.each(["docs/headers.md", "docs/recipes.md"])("%s", (page) => {
  test.each(examplesOf(read(page)).map((example) => ({ ...example, at: `${page}:${example.line}` })))(
    "$at, $heading: comes out as shown",
    run,
  );
});
