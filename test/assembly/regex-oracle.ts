import { RE2JS } from "re2js";
import type { Spans } from "./regex-guest.ts";
import { STRAY } from "./regex-patterns.ts";

/** re2js, a port of Go's regexp, which is RE2's semantics. */
export class Oracle {
  private readonly regex: RE2JS;

  private constructor(regex: RE2JS) {
    this.regex = regex;
  }

  /** @returns null where the pattern is bad */
  static parse(pattern: string): Oracle | null {
    try {
      return new Oracle(RE2JS.compile(pattern));
    } catch {
      return null;
    }
  }

  matches(text: Uint8Array): Spans {
    const matcher = this.regex.matcher(text);
    return matcher.matches() ? spans(matcher) : null;
  }

  search(text: Uint8Array, from = 0): Spans {
    const matcher = this.regex.matcher(text);
    return matcher.find(from) ? spans(matcher) : null;
  }
}

function spans(matcher: ReturnType<RE2JS["matcher"]>): [number, number][] {
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => [matcher.start(group), matcher.end(group)]);
}

/** A text with STRAY for each byte that is no part of UTF-8, and where in the first each byte of the second is. */
export function withoutStrays(bytes: Buffer): { text: Buffer; offsets: number[] } {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = [1, 2, 3, 4].find((n) => isCharacter(bytes.subarray(at, at + n), n));
    const part = size === undefined ? Buffer.from(STRAY) : bytes.subarray(at, at + size);
    offsets.push(...Array.from({ length: part.length }, () => at));
    parts.push(part);
    at += size ?? 1;
  }
  return { text: Buffer.concat(parts), offsets: [...offsets, bytes.length] };
}

function isCharacter(bytes: Buffer, size: number): boolean {
  if (bytes.length !== size) return false;
  try {
    return [...new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)].length === 1;
  } catch {
    return false;
  }
}
