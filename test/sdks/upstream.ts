// What stands behind the gate, as data: the host is given it, and a server tells it to Envoy.
export interface Message {
  headers: Record<string, string>;
  body: string;
  /** Empty where there are none. */
  trailers: Record<string, string>;
}

/** One request of a client, with `body` for its body. */
export interface Request {
  headers?: Record<string, string | string[]>;
  trailers?: Record<string, string>;
}

/** The answer to it; the body comes in as many pieces as there are. */
export interface Answer {
  headers: Record<string, string>;
  body: string[];
  trailers?: Record<string, string>;
}

export const BODY = "body";

/** `GET /auth` knows one token, and breaks off on another. */
export function authAnswer(token: string): { status: string; body: string } | "reset" {
  if (token === "broken") return "reset";
  return token === "good" ? { status: "200", body: "ann" } : { status: "401", body: "" };
}

/** What differs from run to run, and what the two protocols add around a filter: no matter of the module's. */
const AROUND = new Set(
  `x-request-id,x-forwarded-proto,x-envoy-expected-rq-timeout-ms,x-envoy-upstream-service-time,date,server,:scheme,
  transfer-encoding,host,connection`.split(/,\s*/),
);

/** Lines as a record, in which those of one name are joined, as `node:http2` has them. */
export function lines(pairs: Iterable<readonly [string, unknown]>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (!AROUND.has(name)) all[name] = name in all ? `${all[name]}, ${String(value)}` : String(value);
  }
  return all;
}
