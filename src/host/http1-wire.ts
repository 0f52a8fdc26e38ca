// HTTP/1.1 as Envoy's codec writes it, and as a peer reads that.
import type { ByteString } from "./bytes.ts";
import type { Message } from "./message.ts";
import { lacks, type Pair } from "./pairs.ts";

/** The lines as a peer reads them. Of pseudo-headers Envoy looks at no more than the first letter. */
function onWire(pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(([name, value]) => {
    if (name.startsWith(":") && !name.startsWith(":a")) return [];
    return asRead([name.startsWith(":") ? "host" : name, value]);
  });
}

/** Envoy does not look for colons and line breaks in a response, nor in trailers: one line may become several. */
function asRead([name, value]: Pair): Pair[] {
  return `${name}: ${value}`.split("\r\n").map((line) => {
    const [, left = line, right = ""] = /^([^:]*):(.*)$/s.exec(line) ?? [];
    return [left, right.replace(/^[ \t]+|[ \t]+$/g, "")];
  });
}

/** Of these a request without a body does not say so. */
const BODILESS = new Set(["GET", "HEAD", "DELETE", "TRACE", "CONNECT"]);

/** The request's lines as HTTP/1.1 has them. @param isOnly nothing comes behind them */
export function requestOnWire(request: readonly Pair[], isOnly: boolean): Pair[] {
  const lines = onWire(request);
  if (!isOnly) return [...lines, ...chunked(lines, true)];
  const method = request.find(([name]) => name === ":method")?.[1] ?? "";
  const saysNothing = BODILESS.has(method) || !lacks(lines, "content-length");
  return saysNothing ? lines : [...lines, ["content-length", "0"]];
}

/** The response's lines as HTTP/1.1 has them. @param isOnly nothing comes behind them @param isHead it answers a HEAD */
export function responseOnWire(response: readonly Pair[], isOnly: boolean, isHead: boolean): Pair[] {
  const status = Number(response.find(([name]) => name === ":status")?.[1] ?? 0);
  const lines = onWire(response);
  if (status < 200 || status === 204 || status === 304) return lines;
  if (isOnly && !isHead) return lacks(lines, "content-length") ? [...lines, ["content-length", "0"]] : lines;
  return [...lines, ...chunked(lines, true)];
}

/** A body of unknown length comes in chunks. */
function chunked(lines: readonly Pair[], isChunked: boolean): Pair[] {
  return isChunked && lacks(lines, "content-length") ? [["transfer-encoding", "chunked"]] : [];
}

/** A body as a peer reads it, who believes `content-length`. @returns undefined where it did not come to its end */
export function bodyOnWire(
  lines: readonly Pair[],
  { body, trailers, isComplete }: Pick<Message, "body" | "trailers" | "isComplete">,
): { body: ByteString; trailers: Pair[] } | undefined {
  const length = lines.find(([name]) => name === "content-length")?.[1];
  if (length === undefined) return isComplete ? { body, trailers: (trailers ?? []).flatMap(asRead) } : undefined;
  const size = /^\d+$/.test(length) ? Number(length) : Infinity;
  return body.length < size ? undefined : { body: body.slice(0, size), trailers: [] };
}
