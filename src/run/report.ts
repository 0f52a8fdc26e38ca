import { styleText } from "node:util";
import type { Change } from "./changes.ts";
import type { Entries } from "./journal.ts";

/** What became of one request. */
export interface Report extends Entries {
  /** As the client sent it. */
  request: { method: string; path: string; authority: string };
  /** Null where the client got no response. */
  status: number | null;
  /** Did the upstream get a request. */
  reached: boolean;
  milliseconds: number;
  /** What the filter changed. */
  changes: Change[];
}

/** For a terminal with colours. */
export function reportText({ request, status, reached, milliseconds, changes, ...entries }: Report): string {
  const fate = [
    status === null ? "no response: the stream was reset, or the client went away" : String(status),
    ...(reached ? [] : ["not sent upstream"]),
    `${Math.round(milliseconds)} ms`,
  ];
  const lines = [...changes.map(changeText), ...entriesText(entries)];
  if (changes.length === 0 && status !== null) lines.unshift(dim("  nothing changed"));
  return [`${styleText("bold", visible(`${request.method} ${request.path}`))}  ${fate.join(", ")}`, ...lines].join(
    "\n",
  );
}

/** A line for each. */
export function entriesText({ log, traps, notes }: Entries): string[] {
  return [
    ...log.map(({ level, message }) => dim(labelled("log", `${level}: ${visible(message)}`))),
    ...traps.map((message) => styleText("red", labelled("trap", message))),
    ...notes.map((message) => styleText("yellow", labelled("note", message))),
  ];
}

function changeText({ side, part, name, from, to }: Change): string {
  const what = part === "header" ? name! : part === "trailer" ? `trailer ${name}` : part;
  const show = (value: string) => (part === "body" ? bodyText(value) : visible(value));
  if (from === undefined) return styleText("green", labelled(side, `+ ${what}: ${show(to!)}`));
  if (to === undefined) return styleText("red", labelled(side, `- ${what}: ${show(from)}`));
  return styleText("cyan", labelled(side, `~ ${what}: ${show(from)} -> ${show(to)}`));
}

const BODY_LENGTH = 60;

/** On one line, and not all of it. */
function bodyText(body: string): string {
  return body.length <= BODY_LENGTH
    ? JSON.stringify(body)
    : `${JSON.stringify(body.slice(0, BODY_LENGTH))}... (${body.length} characters)`;
}

/** A header may carry what a terminal would obey. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => JSON.stringify(c).slice(1, -1));
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(9)} ${text}`;
}

function dim(text: string): string {
  return styleText("dim", text);
}
