import type { Pair } from "../../src/host/index.ts";

/** A message as one end sends it, in pieces that arrive one after the other. */
export interface Sent {
  headers: Pair[];
  chunks: string[];
  trailers: Pair[];
}

/** What passes through Envoy, or the host, while a program runs. */
export interface Exchange {
  method: string;
  request: Sent;
  status: number;
  response: Sent;
  /** What becomes of the plugin's streams, beside its program. */
  plugin: { allow_on_headers_stop_iteration: boolean; failure_policy: "FAIL_CLOSED" | "FAIL_OPEN" };
}

export const EXCHANGE: Exchange = {
  method: "POST",
  request: {
    headers: [
      ["x-a", "1"],
      ["X-Many", "1"],
      ["x-many", "2"],
      ["user-agent", "probe"],
      ["content-length", "12"],
    ],
    chunks: ["request body"],
    trailers: [],
  },
  status: 200,
  response: {
    headers: [
      ["x-b", "1"],
      ["content-type", "text/plain"],
      ["content-length", "13"],
    ],
    chunks: ["response body"],
    trailers: [],
  },
  plugin: { allow_on_headers_stop_iteration: false, failure_policy: "FAIL_CLOSED" },
};

/** A message as it reached an end. */
export interface Received {
  /** Of a request method and path, of a response the status. */
  start: string;
  headers: Pair[];
  body: string;
  trailers: Pair[];
}

/** What came of a program: what the probe said, and what reached either end. */
export interface Outcome {
  isRefused: boolean;
  said: string[];
  /** Undefined where none came, or not to its end. */
  upstream: Received | undefined;
  client: Received | undefined;
  calls: Received[];
}

/** How the answers to HTTP calls look. */
export const CALL_RESPONSE: Sent = {
  headers: [
    ["x-call", "1"],
    ["X-Call", "2"],
    ["content-type", "text/call"],
    ["transfer-encoding", "chunked"],
  ],
  chunks: ["call body"],
  trailers: [["x-call-trailer", "t"]],
};
