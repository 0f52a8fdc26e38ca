import type { HeaderLine } from "../echo/exchange.ts";
import type { CaseRequest } from "./case-file.ts";

/** Requests of these have no body unless they say so; one of another method says that it has none. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

/** The header lines that say where a request's body ends, where the case itself has none. */
export function framingOf({ method, headers, body, trailers = [] }: CaseRequest): HeaderLine[] {
  if (headers.some(([name]) => ["content-length", "transfer-encoding"].includes(name.toLowerCase()))) return [];
  if (trailers.length > 0) return [["transfer-encoding", "chunked"]];
  return body === "" && BODILESS.has(method) ? [] : [["content-length", String(body.length)]];
}
