// HTTP/1.1 on bare sockets: every byte as it is, in the pieces that a test wants, and nothing that a library adds or refuses.
import type { Pair } from "../../src/host/index.ts";

/** A message as it came over a connection. */
export interface WireMessage {
  /** The first line. */
  start: string;
  headers: Pair[];
  body: string;
  trailers: Pair[];
  isComplete: boolean;
}

/** The head of a message. */
export const head = (start: string, headers: readonly Pair[]): string => `${start}\r\n${lines(headers)}\r\n`;

const lines = (pairs: readonly Pair[]): string => pairs.map(([name, value]) => `${name}: ${value}\r\n`).join("");

/** One piece of a chunked body. */
export const chunk = (bytes: string): string => `${bytes.length.toString(16)}\r\n${bytes}\r\n`;

export const lastChunk = (trailers: readonly Pair[]): string => `0\r\n${lines(trailers)}\r\n`;

/** Reads messages from what comes over a connection. */
export class WireReader {
  /** The next message has no body whatever its headers say: it answers a HEAD. */
  isBodiless = false;
  private text = "";

  clear(): void {
    this.text = "";
  }

  add(bytes: string): void {
    this.text += bytes;
  }

  /** @returns the first message, as far as it came; takes it away where it is complete */
  read(isClosed = false): WireMessage | undefined {
    const end = this.text.indexOf("\r\n\r\n");
    if (end < 0) return undefined;
    const [first = "", ...rest] = this.text.slice(0, end).split("\r\n");
    const message = { start: first, headers: rest.map(toPair), body: "", trailers: [], isComplete: false };
    const after = this.readBody(message, end + 4, isClosed);
    if (message.isComplete) this.text = this.text.slice(after);
    return message;
  }

  /** @returns where the message ends */
  private readBody(message: WireMessage, at: number, isClosed: boolean): number {
    const valueOf = (name: string) => message.headers.find(([other]) => other.toLowerCase() === name)?.[1];
    const status = message.start.startsWith("HTTP/") ? Number(message.start.split(" ")[1]) : undefined;
    const hasNone = this.isBodiless || (status !== undefined && (status < 200 || status === 204 || status === 304));
    const length = valueOf("content-length");
    if (!hasNone && valueOf("transfer-encoding") === "chunked") return this.readChunks(message, at);
    if (!hasNone && length === undefined && status !== undefined) {
      message.body = this.text.slice(at);
      message.isComplete = isClosed;
      return this.text.length;
    }
    const size = hasNone ? 0 : /^\d*$/.test(length ?? "") ? Number(length ?? 0) : Infinity;
    message.body = this.text.slice(at, at + size);
    message.isComplete = message.body.length === size;
    return at + size;
  }

  private readChunks(message: WireMessage, at: number): number {
    for (;;) {
      const lineEnd = this.text.indexOf("\r\n", at);
      if (lineEnd < 0) return at;
      const size = parseInt(this.text.slice(at, lineEnd), 16);
      at = lineEnd + 2;
      if (size === 0) return this.readTrailers(message, at);
      message.body += this.text.slice(at, at + size);
      at += size + 2;
      if (at > this.text.length) return at;
    }
  }

  private readTrailers(message: WireMessage, at: number): number {
    const isEnd = this.text.startsWith("\r\n", at);
    const end = isEnd ? at - 2 : this.text.indexOf("\r\n\r\n", at);
    if (end < 0) return at;
    message.trailers = isEnd ? [] : this.text.slice(at, end).split("\r\n").map(toPair);
    message.isComplete = true;
    return end + 4;
  }
}

function toPair(line: string): Pair {
  const [, name = line, value = ""] = /^([^:]*):(.*)$/s.exec(line) ?? [];
  return [name, value.replace(/^[ \t]+|[ \t]+$/g, "")];
}
