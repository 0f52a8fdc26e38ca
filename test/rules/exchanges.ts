// Messages for rules at random: names collide, values are awkward.
import fc from "fast-check";
import type { Pair } from "../../src/host/index.ts";
import type { Sent } from "./engines.ts";

/** The names of one program: few, so that what is written is read. */
export interface Names {
  request: string[];
  response: string[];
}

export interface Program {
  document: object;
  sent: Sent[];
}

/** Some that Envoy keeps in one line, and some that it does not. */
const NAMES = ["x-a", "x-b", "x-ab", "x-c", "via", "cache-control", "vary", "accept", "content-type"];
const REQUEST_NAMES = [...NAMES, "x-forwarded-for", "user-agent", "authorization"];
const RESPONSE_NAMES = [...NAMES, "x-powered-by", "location", "www-authenticate"];

/** What no rule names, and patterns leave alone or do not. */
const OF_ANY = ["x-a-deny", "x-b-no", "x-abc"];
const OF_REQUESTS = [...OF_ANY, "te", "proxy-authorization", "x-envoy-a", "x-forwarded-proto"];

const some = (all: string[], one: string) =>
  fc
    .tuple(fc.constantFrom("x-a", "x-b", one), fc.subarray(all, { minLength: 1, maxLength: 3 }))
    .map((chosen) => [...new Set(chosen.flat())]);

export const someNames: fc.Arbitrary<Names> = fc.record({
  request: some(REQUEST_NAMES, "cookie"),
  response: some(RESPONSE_NAMES, "set-cookie"),
});

const VALUES = [
  "a",
  "b",
  "",
  "a, b",
  'a,"b,c" , a',
  "A b",
  "aaa",
  "%41",
  "50%",
  "\xc3\xa9\xff",
  "text/plain; charset=a",
  "\\",
  '"a\\",a",a',
  'a=1; B="a"; b',
];
/** Of these headers the more likely. */
const OWN_VALUES: Record<string, string[]> = {
  cookie: ["a=1", 'a="1"; B="2"; a=3', " ; c;a = x ;;B=", "a=b=c;new=1", "a; B ;a=a", "a=b ; c=1 ;a=2 ; a="],
  "set-cookie": [
    "a=1; Path=/; secure",
    "b=2;HttpOnly; path=/x;path=/y",
    " a=1",
    "a = x ; ; Max-Age=5",
    "c=1",
    ";a=1",
    "b ; a=2",
    "a= ;path = /x ;PATH;domain",
  ],
  "content-type": ["Text/HTML ;x", "text/plain", "a/b;"],
};
const mixedCase = (of: string) =>
  fc.constantFrom(
    of,
    of,
    of.toUpperCase(),
    of.replace(/^./, (c) => c.toUpperCase()),
  );

const lines = (names: string[]): fc.Arbitrary<Pair[]> =>
  fc.array(
    fc
      .constantFrom(...names)
      .chain((of) =>
        fc.tuple(fc.constant(of), fc.constantFrom(...VALUES, ...(OWN_VALUES[of] ?? []), ...(OWN_VALUES[of] ?? []))),
      )
      .chain(([of, value]) => mixedCase(of).map((cased): Pair => [cased, value])),
    { maxLength: 8 },
  );

/** Requests and their responses. Cookies are there whether rules name the header or not. */
export const exchanges = (all: Names, count: number): fc.Arbitrary<Sent[]> =>
  fc.array(exchange(all), { minLength: count, maxLength: count });

const exchange = (all: Names): fc.Arbitrary<Sent> =>
  fc
    .record({
      method: fc.constantFrom("GET", "GET", "POST"),
      path: fc.constantFrom(
        "/",
        "/a",
        "/a/",
        "/a/b?a=1",
        "/ab?a=a&a=b",
        "/a?b=&c",
        "/a?%61=1&B&new=+x&&c+d=",
        "/?&a",
        "/?B=a&%C3%A9=1&a",
        "/a?",
      ),
      host: fc.constantFrom("example.com", "a.example.com:80", "EXAMPLE.org", "[::1]:80"),
      request: lines([...all.request, "cookie", ...OF_REQUESTS]),
      status: fc.constantFrom(200, 404, 503),
      response: lines([...all.response, "set-cookie", ...OF_ANY]),
    })
    .map(({ method, path, host, request, status, response }) => ({
      start: `${method} ${path}`,
      request: [["host", host], ...request, ...(method === "POST" ? [["content-length", "0"] satisfies Pair] : [])],
      status,
      response,
    }));
