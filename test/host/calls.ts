// The probe's calls, at random, with awkward arguments.
import fc from "fast-check";
import { encodePairs } from "../../src/host/pairs.ts";

/** Bytes as the probe's programs have them. */
export const x = (text: string): string => `x${Buffer.from(text, "latin1").toString("hex")}`;

const oneOf = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(/\s+/));

type Words = fc.Arbitrary<(string | number)[]>;

const mapType = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 0, 1, 2, 2, 3) },
  fc.constantFrom(4, 5, 6, 7, 8, 9, 255, -1),
);
const bufferType = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 1) }, fc.constantFrom(2, 3, 4, 5, 6, 7, 9, -1));

const plainName = fc.constantFrom(
  "x-a",
  "X-A",
  "x-many",
  "X-Many",
  "x-new",
  "x-b",
  "x-empty",
  "cookie",
  "set-cookie",
  "vary",
);
/** Envoy keeps them once, or does something about them. */
const ownName =
  oneOf(`user-agent User-Agent via accept content-type cache-control date location server host Host :authority
  :path :method :scheme :status :protocol :a :new content-length transfer-encoding connection
  keep-alive proxy-connection te upgrade trailer expect x-forwarded-proto x-forwarded-for
  x-forwarded-host x-request-id x-envoy-force-trace x-envoy-internal x-envoy-attempt-count
  x-envoy-decorator-operation x-envoy-original-path grpc-status`);
/** They are in a message already. */
const presentName = oneOf("user-agent User-Agent x-many X-A content-type host :path :authority content-length x-b X-B");
const oddName = fc.constantFrom("", ":", "x y", "x:y", "\xff", "x\0", "x\r\ny", "n".repeat(300));
const name = fc.oneof(
  { weight: 6, arbitrary: plainName },
  { weight: 5, arbitrary: presentName },
  { weight: 5, arbitrary: ownName },
  { weight: 1, arbitrary: oddName },
);

const plainValue = fc.constantFrom(
  "1",
  "two",
  "a,b",
  "",
  "v".repeat(300),
  "with space",
  " around\t",
  "\xc3\xa9",
  "\xff\xfe",
  "UPPER",
);
const ownValue = fc.constantFrom(
  "/",
  "/other?x=y",
  "GET",
  "HEAD",
  "204",
  "503",
  "0",
  "5",
  "100",
  "http",
  "https",
  "chunked",
  "trailers",
  "close",
  "application/grpc",
);
const oddValue = fc.constantFrom("\0", "a\0b", "a\r\nb: c", "\n", "\x7f", "\x01", "a\tb");
const value = fc.oneof(
  { weight: 6, arbitrary: plainValue },
  { weight: 3, arbitrary: ownValue },
  { weight: 1, arbitrary: oddValue },
);

/** The router listens to them; small numbers would be a time that is over at once. */
const routerName =
  oneOf(`x-envoy-upstream-rq-timeout-ms x-envoy-upstream-rq-per-try-timeout-ms x-envoy-expected-rq-timeout-ms
  x-envoy-max-retries x-envoy-retry-on x-envoy-upstream-alt-stat-name x-envoy-hedge-on-per-try-timeout
  x-envoy-retriable-status-codes x-envoy-upstream-rq-timeout-alt-response grpc-timeout`);
const routerValue = fc.constantFrom("nonsense", "", "0", "70000", "12000", "true");

const pair = fc.tuple(name, value);
const list = fc.array(pair, { maxLength: 3 }).map((pairs) => encodePairs(pairs));
/** Lists with a byte changed, cut off, or with something behind them. */
const badList = fc
  .tuple(list, fc.nat(), fc.nat(255), fc.constantFrom("change", "cut", "add"))
  .map(([bytes, at, byte, how]) => {
    const place = at % (bytes.length + 1);
    const c = String.fromCharCode(byte);
    if (how === "cut") return bytes.slice(0, place);
    return how === "add"
      ? bytes.slice(0, place) + c + bytes.slice(place)
      : bytes.slice(0, place) + c + bytes.slice(place + 1);
  });
const wholeRequest = fc
  .array(pair, { maxLength: 3 })
  .map((pairs) =>
    encodePairs([
      [":path", "/set"],
      [":method", "POST"],
      [":authority", "set.example"],
      ["x-forwarded-proto", "http"],
      ...pairs,
    ]),
  );
const anyList = fc.oneof(list, badList, badList, wholeRequest);

const text = fc.constantFrom("", "a", "some text", "\xff", "t".repeat(100));
const number = fc.constantFrom(0, 1, 3, 8, 13, 100, 100_000, -1);
const small = fc.integer({ min: -2, max: 14 });
const key = fc.constantFrom("k", "other", "");
/** Not in it: what no two runs share, and whole maps of headers, whose order in Envoy is that of a hash. */
const attribute = oneOf(`request request.path request.url_path request.query request.host request.scheme request.method
  request.headers.x-many request.headers.X-A request.headers.nope request.headers_bytes request.referer
  request.useragent request.id request.protocol request.time request.duration request.size
  request.total_size request.nope response response.code response.code_details response.flags
  response.grpc_status response.headers.x-b response.headers.:status response.trailers.x-t
  response.size response.backend_latency connection connection.mtls connection.requested_server_name
  connection.tls_version source destination upstream upstream.request_attempt_count
  upstream.transport_failure_reason upstream.locality upstream.tls_version node cluster_name`).map((words) =>
  words.replaceAll(".", "\0"),
);
const path = fc.oneof(
  { weight: 2, arbitrary: attribute },
  fc.constantFrom(
    "plugin_name",
    "plugin_root_id",
    "plugin_name\0",
    "plugin_name\0x",
    "nothing",
    "",
    "\0",
    "mine",
    "mine\0x",
  ),
);

const headerCall: Words = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom("add", "replace"), mapType, name.map(x), value.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("remove"), mapType, name.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("get"), mapType, name.map(x)) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("pairs", "map_size"), mapType) },
  fc.tuple(fc.constantFrom("add", "replace"), fc.constantFrom(0, 2), routerName.map(x), routerValue.map(x)),
  fc.tuple(fc.constant("set_pairs"), mapType, anyList.map(x)),
);
const bufferCall: Words = fc.oneof(
  fc.tuple(fc.constant("body"), bufferType, number, number),
  fc.tuple(fc.constant("body_status"), bufferType),
  fc.tuple(fc.constant("set_body"), bufferType, number, number, text.map(x)),
);
const callHeaders = fc
  .tuple(
    fc.subarray(
      [
        [":path", "/call"],
        [":method", "POST"],
        [":authority", "calls.example"],
      ] as [string, string][],
      { minLength: 2 },
    ),
    fc.array(fc.tuple(plainName, plainValue), { maxLength: 2 }),
  )
  .map(([own, more]) => encodePairs([...own, ...more]));
const callTrailers = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  fc.constant(encodePairs([["x-t", "1"]])),
  badList,
);
const outgoingCall: Words = fc.oneof(
  fc.tuple(
    fc.constant("http_call"),
    fc.constantFrom("calls", "calls", "calls", "nobody", "").map(x),
    fc.oneof({ weight: 5, arbitrary: callHeaders }, list, badList).map(x),
    text.map(x),
    callTrailers.map(x),
    fc.constantFrom(5000, 5000, 0, -1),
  ),
  fc.tuple(fc.constant("status")),
  fc.tuple(fc.constantFrom("grpc_call", "grpc_stream"), fc.constantFrom("nobody", "", "\xff").map(x), anyList.map(x)),
  fc.tuple(fc.constantFrom("grpc_close", "grpc_cancel"), small),
  fc.tuple(fc.constant("grpc_send"), small, text.map(x), fc.constantFrom(0, 1)),
);
const sharedCall: Words = fc.oneof(
  fc.tuple(fc.constant("shared"), key.map(x)),
  fc.tuple(fc.constant("set_shared"), key.map(x), text.map(x), fc.constantFrom(0, 0, 123_456_789)),
  fc.tuple(fc.constant("register_queue"), fc.constantFrom("q", "r").map(x)),
  fc.tuple(fc.constant("resolve_queue"), fc.constantFrom("", "nobody").map(x), fc.constantFrom("q", "r").map(x)),
  fc.tuple(
    fc.constant("define"),
    fc.integer({ min: -1, max: 4 }),
    fc.constantFrom("m", "n").map((n) => x(`fuzz.${n}`)),
  ),
  fc.tuple(fc.constantFrom("increment", "record"), small, small),
);
const pluginCall: Words = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant("property"), path.map(x)) },
  fc.tuple(fc.constant("set_property"), fc.constantFrom("mine", "nothing\0x").map(x), value.map(x)),
  fc.tuple(fc.constant("log"), fc.integer({ min: 0, max: 8 }), fc.constantFrom("", "line", "\xff").map(x)),
  fc.tuple(fc.constantFrom("log_level", "time")),
  fc.tuple(fc.constant("tick_period"), fc.constantFrom(0, 100_000_000)),
  fc.tuple(fc.constant("effective"), fc.constantFrom(1, 2, 99_999, -1)),
  fc.tuple(fc.constant("foreign"), fc.constantFrom("none", "", "clear_route_cache").map(x), text.map(x)),
);

/** What concerns no one but the VM that makes it. */
export const privateCall: Words = fc.oneof(headerCall, bufferCall, pluginCall);

export const call: Words = fc.oneof(
  { weight: 16, arbitrary: headerCall },
  { weight: 6, arbitrary: bufferCall },
  { weight: 3, arbitrary: sharedCall },
  { weight: 4, arbitrary: pluginCall },
  { weight: 2, arbitrary: outgoingCall },
);

export const reply: Words = fc.tuple(
  fc.constant("reply"),
  fc.constantFrom(200, 201, 204, 304, 403, 404, 503, 0, 99, 100, 101, 600, 1000, -1),
  fc.constantFrom("", "some details").map(x),
  fc.constantFrom("", "", "a body").map(x),
  fc.oneof({ weight: 3, arbitrary: fc.constant(encodePairs([])) }, list, badList).map(x),
  fc.constantFrom(-1, 0, 7, 99),
);
