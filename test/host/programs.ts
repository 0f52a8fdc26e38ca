// Programs for the probe, at random: fast-check's arbitraries of calls with awkward arguments, in every callback.
import fc from "fast-check";
import { encodePairs } from "../../src/host/pairs.ts";

/** Bytes as the probe's programs have them. */
export const x = (text: string): string => `x${Buffer.from(text, "latin1").toString("hex")}`;

const callback = fc.constantFrom(
  "create",
  "request_headers",
  "request_headers",
  "request_body",
  "response_headers",
  "response_headers",
  "response_body",
  "log",
  "done",
  "delete",
);

const mapType = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 0, 1, 2, 2, 3) },
  fc.constantFrom(4, 5, 6, 7, 8, 9, 255, -1),
);
const bufferType = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 1) }, fc.constantFrom(2, 3, 4, 5, 6, 7, 9, -1));

/** Names that neither end of a connection does something about by itself. */
const name = fc.constantFrom(
  "x-a",
  "X-A",
  "x-many",
  "X-Many",
  "x-new",
  "x-b",
  "user-agent",
  "User-Agent",
  "via",
  "accept",
  "cookie",
  "set-cookie",
  "content-type",
  "cache-control",
  "x-forwarded-for",
  "x-request-id",
  "vary",
  "date",
  "location",
  "x-empty",
);
/** And names that it is safe only to read. */
const anyName = fc.oneof(
  { weight: 5, arbitrary: name },
  fc.constantFrom(
    "host",
    "Host",
    ":authority",
    ":path",
    ":method",
    ":status",
    ":scheme",
    "",
    "x y",
    "\xff",
    "not-there",
  ),
);
const value = fc.constantFrom("1", "two", "a,b", "", "v".repeat(300), "with space", "\xc3\xa9", "\xff\xfe", "UPPER");
const text = fc.constantFrom("", "a", "some text", "\xff", "t".repeat(100));
const number = fc.constantFrom(0, 1, 3, 8, 13, 100, 100_000, -1);
const small = fc.integer({ min: -2, max: 14 });
const key = fc.constantFrom("k", "other", "");

const call: fc.Arbitrary<(string | number)[]> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom("add", "replace"), mapType, name.map(x), value.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("remove"), mapType, name.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("get"), mapType, anyName.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("pairs", "map_size"), mapType) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("body"), bufferType, number, number) },
  fc.tuple(fc.constant("body_status"), bufferType),
  fc.tuple(fc.constant("set_body"), fc.constantFrom(0, 0, 1, 1, 2, 3, 4, 6, 7, 9), number, number, text.map(x)),
  fc.tuple(
    fc.constant("property"),
    fc
      .constantFrom(
        "plugin_name",
        "plugin_root_id",
        "plugin_name\0",
        "plugin_name\0x",
        "nothing",
        "",
        "\0",
        "mine",
        "mine\0x",
      )
      .map(x),
  ),
  fc.tuple(fc.constant("set_property"), fc.constantFrom("mine", "nothing\0x").map(x), value.map(x)),
  fc.tuple(fc.constant("shared"), key.map(x)),
  fc.tuple(fc.constant("set_shared"), key.map(x), text.map(x), fc.constantFrom(0, 0, 123_456_789)),
  fc.tuple(fc.constant("resolve_queue"), fc.constantFrom("", "nobody").map(x), fc.constantFrom("q", "r").map(x)),
  fc.tuple(
    fc.constant("define"),
    fc.integer({ min: -1, max: 4 }),
    fc.constantFrom("m", "n").map((n) => x(`fuzz.${n}`)),
  ),
  fc.tuple(fc.constantFrom("increment", "record"), small, small),
  fc.tuple(fc.constant("log"), fc.integer({ min: 0, max: 8 }), fc.constantFrom("", "line", "\xff").map(x)),
  fc.tuple(fc.constant("log_level")),
  fc.tuple(fc.constantFrom("continue", "close"), fc.constantFrom(3, 4, 5, -1)),
  fc.tuple(fc.constant("effective"), fc.constantFrom(99_999, -1)),
  fc.tuple(fc.constant("foreign"), fc.constantFrom("none", "", "clear_route_cache").map(x), text.map(x)),
);

const reply = fc.tuple(
  fc.constant("reply"),
  fc.constantFrom(200, 201, 403, 404, 503),
  fc.constantFrom("", "some details").map(x),
  fc.constantFrom("", "a body").map(x),
  fc.array(fc.tuple(name, value), { maxLength: 2 }).map((pairs) => x(encodePairs(pairs as [string, string][]))),
  fc.constantFrom(-1, 0, 7, 99),
);

/** What a callback answers: held, let go, or nonsense. */
const pause = fc
  .tuple(fc.constantFrom("request", "response"), fc.constantFrom("headers", "body", "body", "trailers"), fc.nat(2))
  .chain(([direction, part, n]) =>
    fc
      .tuple(
        fc.constantFrom(part === "headers" ? "" : `.${n}`, ""),
        part === "headers"
          ? fc.constantFrom(0, 1, 1, 2, 3, 4, 5, -1)
          : part === "body"
            ? fc.constantFrom(0, 1, 1, 2, 3, 4)
            : fc.integer({ min: 0, max: 2 }),
      )
      .map(([nth, status]) => `${direction}_${part}${nth} return ${status}`),
  );
const anyCallback = fc.constantFrom(
  "create",
  "request_headers",
  "request_body",
  "request_body.1",
  "request_trailers",
  "response_headers",
  "response_body",
  "response_body.1",
  "response_trailers",
  "log",
  "done",
  "delete",
  "tick",
);
const flow = fc
  .tuple(anyCallback, fc.constantFrom("continue", "continue", "close"), fc.constantFrom(0, 0, 1, 1, 2, 3, 4, -1))
  .map((words) => words.join(" "));
const ticking = flow.map((what) => ["tick effective 2", what.replace(/^\S+/, "tick")]);

const line = fc.tuple(callback, call).map(([where, words]) => [where, ...words].join(" "));
const replyLine = fc.tuple(anyCallback, reply).map(([where, words]) => [where, ...words].join(" "));

/** A program. */
export const program: fc.Arbitrary<string[]> = fc
  .array(
    fc.oneof(
      { weight: 10, arbitrary: line.map((l) => [l]) },
      { weight: 4, arbitrary: pause.map((l) => [l]) },
      { weight: 2, arbitrary: flow.map((l) => [l]) },
      { weight: 1, arbitrary: replyLine.map((l) => [l]) },
      { weight: 1, arbitrary: ticking },
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map((lines) => lines.flat());
