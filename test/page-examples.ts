// Examples on docs/headers.md and docs/recipes.md, as text has them:
//
// - A `yaml` block is a whole document, a rule, or a list of operations on requests.
// - `diff` blocks behind it, up to the next `yaml` block, are messages: a line that begins with two blanks is there before and
//   after, `- ` only before, `+ ` only after. `:path` and other pseudo-headers set the message; those that are not named are those
//   of `GET http://example.com/` and 200. What a block does not name the rules must leave alone.
// - `diff request`, or `diff` alone, begins an exchange. `diff response` behind it is its response; one more is another exchange
//   with the same request. Without a response the exchange has one that nothing changes, and without a request likewise.
// - `+ :status:` with no status before is an answer of the filter's own: the upstream gets no request.
// - `@@ NAME: VALUE @@` in a diff gives an attribute of the stream, or `environment.NAME`, a variable of the VM's environment.
// - `text log` and `text counters` behind the diffs are what all their exchanges log, and count; with no `text log` they log nothing.
import { parse } from "yaml";
import type { Property } from "../src/vitest/index.ts";

export type Line = [name: string, value: string];

export interface Message {
  attributes: Line[];
  before: Line[];
  after: Line[];
}

export interface ExampleExchange {
  request: Message;
  response: Message;
}

export interface Example {
  /** Where in the page its rules begin. */
  line: number;
  heading: string;
  text: string;
  /** As a whole document. */
  rules: object;
  exchanges: ExampleExchange[];
  log: string[];
  counters?: string[];
}

export interface Block {
  info: string;
  line: number;
  heading: string;
  text: string;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let open: Block | undefined;
  for (const [i, line] of page.split("\n").entries()) {
    if (line.startsWith("```")) {
      if (open) blocks.push(open);
      open = open ? undefined : { info: line.slice(3), line: i + 1, heading, text: "" };
    } else if (open) open.text += `${line}\n`;
    else heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
  }
  return blocks;
}

/** A block of YAML as a document of rules; undefined where it is something else, such as a part of Envoy's configuration. */
export function rulesOf(text: string): object | undefined {
  const value = parse(text) as object;
  if (Array.isArray(value)) return "typed_config" in (value[0] as object) ? undefined : { rules: [{ request: value }] };
  if (["request", "response", "matches"].some((key) => key in value)) return { rules: [value] };
  return "configuration" in value || "vm_config" in value ? undefined : value;
}

/** The examples of a page that show what comes of them. */
export function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let example: Example | undefined;
  let isAnswered = true;
  for (const { info, line, heading, text } of blocksOf(page)) {
    const [language, what] = info.split(" ");
    if (language === "yaml") {
      const rules = rulesOf(text);
      example = rules && { line, heading, text, rules, exchanges: [], log: [] };
      if (example) examples.push(example);
    } else if (language === "diff") {
      if (!example) throw new Error(`line ${line}: a diff without rules before it`);
      const message = messageOf(text, line);
      const last = example.exchanges.at(-1);
      if (what === "response" && last && !isAnswered) last.response = message;
      else if (what === "response") example.exchanges.push({ request: last?.request ?? NOTHING, response: message });
      else example.exchanges.push({ request: message, response: NOTHING });
      isAnswered = what === "response";
    } else if (info === "text log") example!.log = linesOf(text);
    else if (info === "text counters") example!.counters = linesOf(text);
  }
  return examples.filter(({ exchanges }) => exchanges.length > 0);
}

const NOTHING: Message = { attributes: [], before: [], after: [] };

function messageOf(text: string, at: number): Message {
  const message: Message = { attributes: [], before: [], after: [] };
  for (const line of linesOf(text)) {
    const attribute = /^@@ (.+): (.+) @@$/.exec(line);
    const header = /^([ +-]) (:?[^:]+): ?(.*)$/.exec(line);
    if (attribute) message.attributes.push([attribute[1]!, attribute[2]!]);
    else if (header) {
      const pair: Line = [header[2]!, header[3]!];
      if (header[1] !== "+") message.before.push(pair);
      if (header[1] !== "-") message.after.push(pair);
    } else throw new Error(`the diff at line ${at} has a line that is none: ${line}`);
  }
  return message;
}

const linesOf = (text: string) => text.split("\n").filter(Boolean);

/** What an exchange begins with: a request, and the answer that the upstream has for it. */
export function sentIn({ request, response }: ExampleExchange) {
  const pseudo = ({ before }: Message, name: string) => before.find(([other]) => other === name)?.[1];
  const headers = ({ before }: Message) => before.filter(([name]) => !name.startsWith(":"));
  return {
    request: {
      method: pseudo(request, ":method") ?? "GET",
      path: pseudo(request, ":path") ?? "/",
      authority: pseudo(request, ":authority") ?? "example.com",
      headers: headers(request),
    },
    answer: { status: Number(pseudo(response, ":status") ?? 200), headers: headers(response) },
  };
}

/** Whether the response is the filter's own, so that the upstream gets no request. */
export function isOwnAnswer({ response: { before, after } }: ExampleExchange): boolean {
  const hasStatus = (lines: Line[]) => lines.some(([name]) => name === ":status");
  return hasStatus(after) && !hasStatus(before);
}

/** The values of each name that a message lists. */
export function valuesOf(lines: Line[], { before, after }: Message): Record<string, string[]> {
  const names = new Set([...before, ...after].map(([name]) => name));
  const values = (name: string) => lines.filter(([other]) => other === name).map(([, value]) => value);
  return Object.fromEntries([...names].map((name) => [name, values(name)]));
}

/** All that an example says of its streams. */
export function attributesOf({ exchanges }: Example): Line[] {
  return exchanges.flatMap(({ request, response }) => [...request.attributes, ...response.attributes]);
}

/** Attributes as properties of a request, and variables of the environment. */
export function givenBy(attributes: Line[]): {
  properties: Record<string, Property>;
  environment: Record<string, string>;
} {
  const properties: Record<string, Property> = {};
  const environment: Record<string, string> = {};
  for (const [path, text] of attributes) {
    const separator = /[.:]/.exec(path)![0];
    const steps = path.split(separator);
    const last = steps.pop()!;
    if (steps[0] === "environment") {
      environment[last] = text;
      continue;
    }
    let group = properties;
    for (const step of steps) group = (group[step] ??= {}) as Record<string, Property>;
    group[last] = /^\d+$/.test(text) ? Number(text) : /^(true|false)$/.test(text) ? text === "true" : text;
  }
  return { properties, environment };
}
