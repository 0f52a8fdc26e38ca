// Outcomes for a person to read.
import { decodePairs } from "../../src/host/pairs.ts";
import type { Outcome, Received } from "./exchange.ts";

/** An outcome, line by line. */
export function readable({ isRefused, said, upstream, client, calls }: Outcome): string[] {
  return [
    ...(isRefused ? ["refused"] : []),
    ...said.map(readableLine),
    ...message("upstream", upstream),
    ...message("client", client),
    ...calls.flatMap((call) => message("call", call)),
  ];
}

/** The lines that are not the same, `-` the host's and `+` Envoy's. */
export function describeDifference(host: Outcome, envoy: Outcome): string {
  const left = readable(host);
  const right = readable(envoy);
  const same = left.findIndex((line, i) => line !== right[i]);
  const at = same < 0 ? left.length : same;
  const context = left.slice(Math.max(0, at - 3), at).map((line) => `  ${line}`);
  const tail = (lines: string[], sign: string) => lines.slice(at, at + 8).map((line) => `${sign} ${line}`);
  return [...context, ...tail(left, "- host: "), ...tail(right, "+ Envoy:")].join("\n");
}

function message(end: string, received: Received | undefined): string[] {
  if (!received) return [`${end}: nothing`];
  const { start, headers, body, trailers } = received;
  return [
    `${end}: ${start}`,
    ...headers.map((pair) => `${end} ${JSON.stringify(pair)}`),
    `${end} body ${short(JSON.stringify(body))}`,
    ...trailers.map((pair) => `${end} trailer ${JSON.stringify(pair)}`),
  ];
}

/** Bytes in hexadecimal as text. */
function readableLine(line: string): string {
  return line.replace(/ x((?:[0-9a-f]{2})+)$/, (_, hex: string) => {
    const bytes = Buffer.from(hex, "hex").toString("latin1");
    const pairs = decodePairs(bytes);
    return ` ${short(JSON.stringify(pairs.length > 0 ? pairs : bytes))}`;
  });
}

const short = (text: string): string => (text.length > 1500 ? `${text.slice(0, 1500)}… (${text.length})` : text);
