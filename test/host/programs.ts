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
  fc.tuple(fc.constant("set_body"), fc.constantFrom(2, 3, 4, 6, 7, 9), number, number, text.map(x)),
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

const line = fc.tuple(callback, call).map(([where, words]) => [where, ...words].join(" "));
const replyLine = fc
  .tuple(fc.constantFrom("request_headers", "response_headers"), reply)
  .map(([where, words]) => [where, ...words].join(" "));

/** A program, at most one local reply in it. */
export const program: fc.Arbitrary<string[]> = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 14 }), fc.option(replyLine, { freq: 6 }), fc.nat())
  .map(([lines, answer, at]) => (answer === null ? lines : lines.toSpliced(at % (lines.length + 1), 0, answer)));
