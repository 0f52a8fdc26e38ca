// Programs for the probe, at random: calls with awkward arguments, in every callback, and what callbacks answer.
import fc from "fast-check";
import { call, privateCall, reply, x } from "./calls.ts";

export { x };

/** Where calls are made: most of them where there is a message to act on. */
const callback = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "request_headers",
      "request_headers",
      "request_body",
      "response_headers",
      "response_body",
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom("create", "request_trailers", "response_trailers", "log", "done", "delete", "tick"),
  },
  fc.constantFrom("http_call_response", "queue_ready"),
);
/** Envoy starts a plugin in several VMs, so that nothing that these share, and no call, can be the same as in one. */
const start = fc.constantFrom("create_root", "vm_start", "configure");
const startLine = fc.tuple(start, privateCall).map(([where, words]) => [[where, ...words].join(" ")]);
/** Where a stream can be held, let go on, answered and closed. */
const steering = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      "request_headers",
      "request_body",
      "request_body.1",
      "request_trailers",
      "response_headers",
      "response_body",
      "response_body.1",
      "response_trailers",
      "tick",
      "http_call_response",
    ),
  },
  fc.constantFrom("create_root", "configure", "create", "log", "done", "delete"),
);

/** The map of a callback's own message. */
const OWN_MAP: Record<string, number> = {
  request_headers: 0,
  request_trailers: 1,
  response_headers: 2,
  response_trailers: 3,
};
const MAP_CALLS = new Set(["add", "replace", "remove", "get", "pairs", "map_size", "set_pairs"]);

/** A call, most often to the map that is there. */
const line = fc.tuple(callback, call, fc.integer({ min: 1, max: 4 })).map(([where, words, chance]) => {
  const isOwn = chance > 1 && where in OWN_MAP && MAP_CALLS.has(String(words[0]));
  return [[where, ...(isOwn ? words.with(1, OWN_MAP[where]!) : words)].join(" ")];
});
const replyLine = fc.tuple(steering, reply).map(([where, words]) => [[where, ...words].join(" ")]);
const steer = fc
  .tuple(steering, fc.constantFrom("continue", "continue", "close"), fc.constantFrom(0, 0, 1, 1, 2, 3, 4, -1))
  .map((words) => [words.join(" ")]);
const trap = fc
  .tuple(
    fc.oneof(
      callback,
      steering.filter((where) => where !== "create_root"),
    ),
    fc.constant("trap"),
  )
  .map((words) => [words.join(" ")]);

/** What a callback answers: held, let go, or nonsense. */
const answer = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constantFrom("request_headers", "response_headers"),
      fc.constantFrom(0, 1, 1, 2, 3, 4, 5, -1),
    ),
  },
  {
    weight: 8,
    arbitrary: fc.tuple(
      fc.constantFrom("request_body", "response_body").chain((name) => fc.constantFrom(name, `${name}.0`, `${name}.1`)),
      fc.constantFrom(0, 1, 1, 2, 3, 4),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom("request_trailers", "response_trailers"), fc.constantFrom(0, 1, 1, 2)),
  },
  fc.tuple(fc.constantFrom("vm_start", "configure", "done"), fc.constantFrom(0, 1, 2)),
);
const answerLine = answer.map(([where, value]) => [`${where} return ${value}`]);

/** Whatever is held goes on, by a timer or by the answer to a call. */
const later = fc
  .tuple(
    fc.constantFrom("tick", "http_call_response"),
    fc.oneof(
      fc.constantFrom("continue 0", "continue 1", "close 0", "close 1"),
      reply.map((words) => words.join(" ")),
      call.map((words) => words.join(" ")),
    ),
  )
  .map(([where, what]) => [`${where} effective 2`, `${where} ${what}`]);

export const program: fc.Arbitrary<string[]> = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: line },
      { weight: 2, arbitrary: startLine },
      { weight: 6, arbitrary: answerLine },
      { weight: 3, arbitrary: later },
      { weight: 2, arbitrary: steer },
      { weight: 2, arbitrary: replyLine },
      { weight: 1, arbitrary: trap },
    ),
    { minLength: 1, maxLength: 24 },
  )
  .map((lines) => lines.flat());
