// What passes while a program runs, at random.
import fc from "fast-check";
import type { Pair } from "../../src/host/index.ts";
import { EXCHANGE, type Exchange, type Sent } from "./exchange.ts";

const chunks: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<string[]>(["some bytes"]) },
  fc.constantFrom<string[][]>(["one", "two"], ["first ", "\xff\xfe", "third"], ["b".repeat(70_000)]),
);
const trailers: fc.Arbitrary<Pair[]> = fc.constantFrom<Pair[][]>(
  [["x-t", "1"]],
  [
    ["X-T", "1"],
    ["x-t", "2"],
    ["x-u", ""],
  ],
);

/** A message with a body, a chunked one, one with trailers. */
const withBody = (headers: Pair[]): fc.Arbitrary<Sent> =>
  fc.oneof(
    chunks.map((pieces) => ({
      headers: [...headers, ["content-length", String(pieces.join("").length)] satisfies Pair],
      chunks: pieces,
      trailers: [],
    })),
    fc.tuple(chunks, fc.option(trailers)).map(([pieces, ends]) => ({
      headers: [...headers, ["transfer-encoding", "chunked"] satisfies Pair],
      chunks: pieces,
      trailers: ends ?? [],
    })),
  );

const without = (headers: Pair[]): fc.Arbitrary<Sent> => fc.constant({ headers, chunks: [], trailers: [] });

const request = fc.constantFrom<Pair[][]>(
  EXCHANGE.request.headers.slice(0, -1),
  [],
  [
    ["x-a", "1"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
  ],
);
const response = fc.constantFrom<Pair[][]>(EXCHANGE.response.headers.slice(0, -1), []);

const messages = fc.oneof(
  { weight: 4, arbitrary: fc.record({ method: fc.constantFrom("POST", "PUT"), request: request.chain(withBody) }) },
  { weight: 2, arbitrary: fc.record({ method: fc.constantFrom("GET", "DELETE"), request: request.chain(without) }) },
);
const answers = fc.oneof(
  { weight: 6, arbitrary: fc.record({ status: fc.constantFrom(200, 404, 503), response: response.chain(withBody) }) },
  fc.record({ status: fc.constantFrom(204, 304), response: response.chain(without) }),
  fc.record({
    status: fc.constant(200),
    response: response.map((headers) => ({
      headers: [...headers, ["content-length", "0"] satisfies Pair],
      chunks: [],
      trailers: [],
    })),
  }),
);
const plugin = fc.record({
  allow_on_headers_stop_iteration: fc.boolean(),
  failure_policy: fc.constantFrom("FAIL_CLOSED" as const, "FAIL_OPEN" as const),
});

export const exchange: fc.Arbitrary<Exchange> = fc.oneof(
  { weight: 3, arbitrary: plugin.map((options) => ({ ...EXCHANGE, plugin: options })) },
  {
    weight: 4,
    arbitrary: fc.tuple(messages, answers, plugin).map(([sent, answered, options]) => ({
      ...sent,
      ...answered,
      plugin: options,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(request.chain(without), response, plugin).map(([sent, headers, options]) => ({
      method: "HEAD",
      request: sent,
      status: 200,
      response: {
        headers: [...headers, ["content-length", "13"] satisfies Pair],
        chunks: ["response body"],
        trailers: [],
      },
      plugin: options,
    })),
  },
);
