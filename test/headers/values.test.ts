// Values of the headers filter: templates, operators and pipes, §5 of the rules language.
import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type FilterOptions, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

let wasm: string;
beforeAll(async () => {
  wasm = await compiledGuest("templates");
});

type Headers = Record<string, string | string[]>;

/** What a template gives for a request with these headers; or its outcome, 2 for rejected and 3 for an error. */
function render(template: string, headers: Headers = {}, options: FilterOptions = {}): string | number {
  const filter = loadFilter(wasm, { rootId: "templates", config: { request: { "x-result": template } }, ...options });
  const { request } = filter.send({ headers });
  const value = (name: string) => request!.headers.find(([other]) => other === name)?.[1];
  return value("x-outcome") === "0" ? value("x-result")! : Number(value("x-outcome"));
}

function problem(template: string, side: "request" | "response" = "request"): string {
  try {
    loadFilter(wasm, { rootId: "templates", config: { [side]: { "x-result": template } } });
  } catch (error) {
    return (error as { detail: string }).detail.replace(`error: ${side}.x-result: `, "");
  }
  return "none";
}

describe("a template is", () => {
  test.for<[string, string, Headers?]>([
    ["plain text", "plain text"],
    ["a%%b%%", "a%b%"],
    ["%REQ(x-a)%", "1", { "x-a": "1" }],
    ["<%REQ(X-A)%|%REQ(x-b)%>", "<1|>", { "x-a": "1" }],
    ["%REQUEST_HEADER(host)% %REQ(:authority)% %REQ(:path)%", "example.com example.com /"],
    ["%REQ(x-a?x-b)% %REQ(x-c?x-d)%", "1 2", { "x-a": "1", "x-d": "2" }],
    ["%REQ(x-a)% %REQ(x-a[0])% %REQ(x-a[1])% %REQ(x-a[2])% %REQ(x-a[*])%", "1 1 2  1,2", { "x-a": ["1", "2"] }],
    ["%REQ(x-a):3%", "abc", { "x-a": "abcdef" }],
    ["%REQ(x-a):3|upper%", "ABC", { "x-a": "abcdef" }],
    ["%LITERAL(a (b) c)%", "a (b) c"],
    ["%LITERAL()%", ""],
  ])("%s", ([template, expected, headers]) => expect(render(template, headers)).toBe(expected));

  test("of a response made of the response's headers", () => {
    const filter = loadFilter(wasm, {
      rootId: "templates",
      config: { response: { "x-result": "%RESP(:status)% %RESPONSE_HEADER(x-b)%" } },
    });
    expect(filter.send({}, { status: 201, headers: { "x-b": "2" } }).response).toHaveHeader("x-result", "201 2");
  });
});

describe("a pipe:", () => {
  const value = "Grüße an/die Welt?";
  test.for<[string, string, string?]>([
    ["lower", "grüße an/die welt?"],
    ["upper", "GRüßE AN/DIE WELT?"],
    ["trim", "a b", "  \t a b \t"],
    ["default(none)", value],
    ["default(none)", "none", ""],
    ["base64", Buffer.from(value).toString("base64")],
    ["base64url", Buffer.from(value).toString("base64url")],
    ["base64|base64decode", value],
    ["urlencode", "Gr%C3%BC%C3%9Fe%20an%2Fdie%20Welt%3F"],
    ["urlencode|urldecode", value],
    ["sha256", createHash("sha256").update(value).digest("hex")],
    ["hmac(key)", createHmac("sha256", "secret").update(value).digest("hex")],
    ["substr(2)", Buffer.from(value).subarray(2).toString()],
    ["substr(0,2)", "Gr"],
    ["substr(100,2)", ""],
    ["lower|base64|substr(0,4)|upper", Buffer.from("grü").toString("base64").slice(0, 4).toUpperCase()],
  ])("%s", ([pipes, expected, given = value]) => {
    expect(render(`%LITERAL(${given})|${pipes}%`)).toBe(expected);
  });

  test("an input that cannot be decoded fails the whole value", () => {
    expect(render("a%LITERAL(***)|base64decode%")).toBe(3);
    expect(render("%LITERAL(%4)|urldecode%")).toBe(3);
  });

  test("control characters that a pipe makes reject the whole value", () => {
    expect(render("%LITERAL(%0d%0aset-cookie: a)|urldecode%")).toBe(2);
    expect(render("%LITERAL(AA==)|base64decode%")).toBe(2);
    expect(render("%LITERAL(%09)|urldecode%x")).toBe("x"); // a tab may be; the wire trims it here
  });
});

describe("a mistake is told with its place", () => {
  test.for<[string, string]>([
    ["50%", 'expected an operator such as %REQ(x)%, or %% for a percent sign, in "%"'],
    ["a %REQ(x-a", 'expected a percent sign at the operator\'s end, in "%REQ(x-a"'],
    ["%NOPE(x)% b", 'expected an operator, found "NOPE", in "%NOPE(x)% b"'],
    ["%RESP(x)%", 'expected an operator that the request\'s pass knows, found RESP, in "%RESP(x)%"'],
    ["%REQ(x a)%", 'expected a header name, found "x a", in "%REQ(x a)%"'],
    ["%REQ(x-a[y])%", 'expected a header\'s name with an index such as [0] or [*], found "x-a[y]", in "%REQ(x-a[y])%"'],
    ["%REQ(x):y%", 'expected a length behind the colon, found "y", in "%REQ(x):y%"'],
    ["%REQ(x)|hmac(none)%", 'expected a secret of "secrets", found "none", in "%REQ(x)|hmac(none)%"'],
    ["%REQ(x)|substr(a)%", 'expected substr(from) or substr(from,count), found substr(a), in "%REQ(x)|substr(a)%"'],
    ["a\nb", 'expected a value without control characters, found "a\\u000ab"'],
  ])("%j", ([template, expected]) => expect(problem(template)).toBe(expected));

  test("a pipe that is none, and what there is", () => {
    expect(problem("%REQ(x)|lowr%")).toMatch(
      /^expected a pipe of lower, upper, .*, found "lowr", in "%REQ\(x\)\|lowr%"$/,
    );
  });

  test("of the response's pass too", () => {
    expect(problem("%RESPX(x)%", "response")).toBe('expected an operator, found "RESPX", in "%RESPX(x)%"');
  });
});

test("no text makes the parser trap, and no control character comes out", () => {
  const piece = fc.constantFrom(
    ..."%()|:[]?,x1 ".split(""),
    "REQ",
    "LITERAL",
    "x-a",
    "ORIG_REQ",
    "PATH",
    "QUERY_PARAM",
    "COOKIE",
    "CAPTURE",
    "START_TIME",
    "ENVIRONMENT",
    "UNIQUE_ID",
    "PROTOCOL",
    "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
    "ROUTE_NAME",
    "DYNAMIC_METADATA",
    "FILTER_STATE",
    "ATTR",
    "JWT_CLAIM",
    "request.path",
    "request.time",
    "n:a",
    "n:b",
    "%Y",
    "%3f",
    "NQ",
    "lower",
    "urldecode",
    "base64decode",
    "substr(1,2)",
    "%0d",
    "%%",
    "[*]",
    "é",
  );
  const properties = {
    xds: { route_name: "r" },
    metadata: { filter_metadata: { n: { a: "1\r\n2", b: 1.5 } } },
    filter_state: { n: "\0\x01" },
  };
  const operator = fc.tuple(piece, piece).map(([name, argument]) => `%${name}(${argument})%`);
  const whole = fc.constantFrom(
    "%REQ(x-a)%",
    "%QUERY_PARAM(x)%",
    "%LITERAL(%0d)|urldecode%",
    "%DYNAMIC_METADATA(n:a)%",
    "%DYNAMIC_METADATA(n:b):2|upper%",
    "%FILTER_STATE(n)%",
    "%ATTR(request.time)%",
    "%START_TIME(%3f)|base64|base64decode%",
    "%UNIQUE_ID%",
    "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  );
  const part = fc.oneof(piece, operator, { arbitrary: whole, weight: 4 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.string({ maxLength: 8 }), (pieces, value) => {
      const template = pieces.join("");
      if (problem(template) !== "none") return;
      const result = render(template, { "x-a": value.replace(/[^\x20-\x7e]/g, "") }, { properties });
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      expect(String(result)).not.toMatch(/[\0-\x08\x0a-\x1f\x7f]/);
    }),
    { numRuns: 2000, seed: 1 },
  );
});
