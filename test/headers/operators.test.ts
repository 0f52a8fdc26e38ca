// Operators of the headers filter's templates: §5 of the rules language.
import { beforeAll, describe, expect, test } from "vitest";
import { type FilterOptions, type FilterRequest, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";
import { NATIVE_OPERATORS } from "./native-operators.ts";

let wasm: string;
beforeAll(async () => {
  wasm = await compiledGuest("templates");
});

type Side = "request" | "response";
interface Around extends FilterRequest {
  options?: FilterOptions;
  /** Of the guest: `captures`, `allowUnverifiedJwt`. */
  config?: object;
}

/** What a template gives in a pass; or its outcome, 2 for rejected and 3 for an error. */
function render(side: Side, template: string, { options, config, ...request }: Around = {}): string | number {
  const given = { ...config, [side]: { "x-result": template } };
  const filter = loadFilter(wasm, { rootId: "templates", config: given, ...options });
  const exchange = filter.send(request, { status: 201 });
  const value = (name: string) => exchange[side]!.headers.find(([other]) => other === name)?.[1];
  return value("x-outcome") === "0" ? value("x-result")! : Number(value("x-outcome"));
}

function problem(template: string, side: Side = "request", config = {}): string {
  try {
    loadFilter(wasm, { rootId: "templates", config: { ...config, [side]: { "x-result": template } } });
  } catch (error) {
    return (error as { detail: string }).detail.replace(`error: ${side}.x-result: `, "");
  }
  return "none";
}

/** In both passes: the response's knows what the request's has left. */
function check(rows: [string, string | number, Around?][]): void {
  for (const side of ["request", "response"] as const) {
    test.for(rows)(`${side}: %s is %j`, ([template, expected, around]) =>
      expect(render(side, template, around)).toBe(expected),
    );
  }
}

describe("what the request line has", () => {
  const path = "/a/b?x=1&y=%41+b&x=2&empty=&bare";
  check([
    ["%METHOD% %SCHEME% %PROTOCOL%", "PUT http HTTP/1.1", { method: "PUT" }],
    ["%PATH% %PATH(WQ)% %PATH(NQ)%", `${path} ${path} /a/b`, { path }],
    ["%PATH(NQ)%", "/", {}],
    ["%PATH:4%", "/a/b", { path }],
    ["%QUERY_PARAM(x)%", "1", { path }],
    ["%QUERY_PARAM(y)%", "%41+b", { path }],
    ["%QUERY_PARAM(y)|urldecode%", "A+b", { path }],
    ["<%QUERY_PARAM(X)%%QUERY_PARAM(empty)%%QUERY_PARAM(bare)%%QUERY_PARAM(z)%>", "<>", { path }],
    ["%QUERY_PARAM(a b)%", "1", { path: "/?a+b=1" }],
    ["%QUERY_PARAM(z)|default(none)%", "none", { path }],
  ]);
});

describe("a cookie", () => {
  const headers = { cookie: ['a=1; b="2"', "c=3; a=4; C=5"] };
  check([
    ["%COOKIE(a)% %COOKIE(b)% %COOKIE(c)% %COOKIE(C)%", "1 2 3 5", { headers }],
    ["<%COOKIE(d)%>", "<>", { headers }],
    ["<%COOKIE(a)%>", "<>", {}],
  ]);
});

describe("a group of the last regular expression that held", () => {
  const config = { captures: ["/(?P<first>[^/]+)/(\\d+)?.*", "/other/(?P<second>.*)"] };
  check([
    ["%CAPTURE(0)% %CAPTURE(1)% %CAPTURE(2)%", "/a/12 a 12", { path: "/a/12", config }],
    ["%CAPTURE(first)%<%CAPTURE(2)%>", "a<>", { path: "/a/b", config }],
    ["<%CAPTURE(first)%><%CAPTURE(second)%><%CAPTURE(1)%><%CAPTURE(2)%>", "<><x><x><>", { path: "/other/x", config }],
    ["<%CAPTURE(0)%>", "<>", { path: "/", config }],
    ["%CAPTURE(first):2|upper%", "AB", { path: "/abc/1", config }],
  ]);

  test("must be one that a regular expression of the rule has", () => {
    const wrong = (group: string) => problem(`%CAPTURE(${group})%`, "request", config);
    for (const group of ["3", "third", "-1"]) {
      const expected = `expected a group of the rule's regular expressions, found "${group}", in "%CAPTURE(${group})%"`;
      expect(wrong(group)).toBe(expected);
    }
    expect(problem("%CAPTURE(0)%")).toMatch(/^expected a group of the rule's regular expressions, found "0"/);
  });
});

describe("what does not come with the request", () => {
  const options = {
    environment: { REGION_2: "us", REGION: "eu", OTHER: "a=b", BAD: "a\nb" },
    now: new Date("2026-03-04T05:06:07.089Z"),
  };
  check([
    ["%ENVIRONMENT(REGION)% %ENVIRONMENT(OTHER)% <%ENVIRONMENT(NONE)%>", "eu a=b <>", { options }],
    ["%ENVIRONMENT(BAD)%", 2, { options }],
    ["%START_TIME% %START_TIME()%", "2026-03-04T05:06:07.089Z 2026-03-04T05:06:07.089Z", { options }],
    ["%START_TIME(%Y/%m/%dT%H:%M:%S%z)%", "2026/03/04T05:06:07+0000", { options }],
    ["%START_TIME(%s %3f %6f %9f)%", "1772600767 089 089000 089000000", { options }],
    ["%START_TIME((%d) %%)|default(x)%", "(04) %", { options }],
    ["%ATTR(request.time)%", "2026-03-04T05:06:07.089Z", { options }],
    ["%ATTR(request.time)%", "2026-03-04T05:06:07Z", { options: { now: new Date("2026-03-04T05:06:07Z") } }],
  ]);

  test("a unique id is another one each time", () => {
    const uuid = /^([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}) (.*)$/;
    const [, first, second] = uuid.exec(String(render("request", "%UNIQUE_ID% %UNIQUE_ID%"))) ?? [];
    expect(second).toMatch(/^[-0-9a-f]{36}$/);
    expect(second).not.toBe(first);
  });
});

describe("an attribute", () => {
  const of = (properties: FilterOptions["properties"]): Around => ({ options: { properties } });
  const ends = of({ source: { address: "[2001:db8::1]:56", port: 56 }, destination: { address: "/a/pipe", port: 0 } });
  const tls = { requested_server_name: "a.example", tls_version: "TLSv1.3", mtls: true };
  const peer = { uri_san_peer_certificate: "spiffe://a/b", subject_peer_certificate: "CN=a" };
  const xds = { route_name: "r", virtual_host_name: "v", cluster_name: "c" };
  const metadata = of({
    metadata: {
      filter_metadata: {
        "a.b": {
          text: "t",
          eight: "8 bytes.",
          utf8: "8bytä.\t",
          one: 1.5,
          minus: -0.25,
          true: true,
          false: false,
          in: { k: "v" },
        },
      },
    },
  });
  check([
    ["%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_PORT%", "[2001:db8::1]:56 56", ends],
    ["%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%", "2001:db8::1 /a/pipe", ends],
    [
      "%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_PORT%",
      "10.0.0.1:80 80",
      of({ destination: { address: "10.0.0.1:80", port: 80 } }),
    ],
    ["%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%", "10.0.0.1", of({ destination: { address: "10.0.0.1:80" } })],
    [
      "%REQUESTED_SERVER_NAME% %DOWNSTREAM_TLS_VERSION% %ATTR(connection.mtls)%",
      "a.example TLSv1.3 true",
      of({ connection: tls }),
    ],
    ["%DOWNSTREAM_PEER_URI_SAN% %DOWNSTREAM_PEER_SUBJECT%", "spiffe://a/b CN=a", of({ connection: peer })],
    ["%ROUTE_NAME% %VIRTUAL_HOST_NAME% %UPSTREAM_CLUSTER%", "r v c", of({ xds })],
    ["%UPSTREAM_HOST% %ATTR(upstream.port)%", "10.0.0.2:80 80", of({ upstream: { address: "10.0.0.2:80", port: 80 } })],
    ["%DYNAMIC_METADATA(a.b:text)% %DYNAMIC_METADATA(a.b:in:k)%", "t v", metadata],
    ["%DYNAMIC_METADATA(a.b:eight)% %DYNAMIC_METADATA(a.b:utf8)%|", "8 bytes. 8bytä.\t|", metadata],
    ["%DYNAMIC_METADATA(a.b:one)% %DYNAMIC_METADATA(a.b:minus)%", "1.5 -0.25", metadata],
    ["%DYNAMIC_METADATA(a.b:true)% %DYNAMIC_METADATA(a.b:false)%", "true false", metadata],
    ["<%DYNAMIC_METADATA(a.b:none)%%DYNAMIC_METADATA(none:x)%>", "<>", metadata],
    ["%DYNAMIC_METADATA(a.b:in)%", 2, metadata],
    ["%ATTR(metadata:filter_metadata:a.b:one)%", "1.5", metadata],
    ["%FILTER_STATE(a.b)%", "state", of({ filter_state: { "a.b": "state" } })],
    [
      "%ATTR(request.size)% %ATTR(request.total_size)%",
      "-1 4503599627370495",
      of({ request: { size: -1, total_size: 2 ** 52 - 1 } }),
    ],
    ["%ATTR(request.duration)%", "1500000000", of({ request: { duration: 1_500_000_000 } })],
    ["<%ATTR(none)%%ATTR(request.none)%>", "<>"],
    ["<%ATTR(request.duration)%>", "<>"],
  ]);

  test("of the response is none in the request's pass", () => {
    for (const operator of ["RESPONSE_CODE", "RESPONSE_CODE_DETAILS", "ATTR(response.flags)"]) {
      const name = operator.replace(/\(.*/, "");
      const expected = `expected an operator that the request's pass knows, found ${name}, in "%${operator}%"`;
      expect(problem(`%${operator}%`)).toBe(expected);
    }
    expect(render("response", "%RESPONSE_CODE% %RESPONSE_CODE_DETAILS% %ATTR(response.flags)%")).toBe(
      "201 via_upstream 0",
    );
  });
});

describe("headers as they were", () => {
  test("before any rule, and behind the request's pass", () => {
    const config = {
      request: { "x-a": "new", "x-b": "%ORIG_REQ(x-a)% %REQ(x-a)%" },
      response: {
        "x-c": "%REQ(x-a)% %REQ(x-b)% %ORIG_REQ(x-a)%",
        "x-d": "other",
        "x-e": "%ORIG_RESP(x-d)% %RESP(x-d)%",
      },
    };
    const filter = loadFilter(wasm, { rootId: "templates", config });
    const { request, response } = filter.send({ headers: { "x-a": "old" } }, { headers: { "x-d": "first" } });
    expect(request).toHaveHeader("x-b", "old new");
    expect(response).toHaveHeader("x-c", "new old new old");
    expect(response).toHaveHeader("x-e", "first other");
  });
});

describe("a claim of a token", () => {
  const base64url = (text: string) => Buffer.from(text).toString("base64url");
  const claims = {
    sub: "a user",
    n: "LARGE",
    flag: true,
    none: null,
    list: ["a", 1, "c"],
    realm: { access: { roles: ["other"] } },
    realm_access: { roles: ["x", "y"], deep: { er: "é" } },
    "https://a.example/roles": ["z"],
    break: "a\r\nb",
  };
  const json = JSON.stringify(claims).replace('"LARGE"', "12345678901234567890");
  const token = `${base64url('{"alg":"none"}')}.${base64url(json)}.${base64url("signature")}`;
  const config = { allowUnverifiedJwt: true };
  const given = (authorization: string) => ({ config, headers: { authorization } });
  const bearer = given(`Bearer ${token}`);
  const claim = (path: string) => `<%JWT_CLAIM(Authorization:${path})%>`;
  check([
    [claim("sub"), "<a user>", bearer],
    [claim("sub"), "<a user>", given(token)],
    [claim("sub"), "<a user>", given(`BEARER ${token}`)],
    [claim("n"), "<12345678901234567890>", bearer],
    [claim("flag"), "<true>", bearer],
    [claim("none"), "<>", bearer],
    [claim("list"), "<a,1,c>", bearer],
    [claim("realm_access.roles"), "<x,y>", bearer],
    [claim("realm_access.deep.er"), "<é>", bearer],
    [claim("realm_access"), '<{"roles":["x","y"],"deep":{"er":"é"}}>', bearer],
    [claim("https://a.example/roles"), "<z>", bearer],
    [claim("other") + claim("sub.x") + claim("realm_access.x"), "<><><>", bearer],
    [claim("break"), 2, bearer],
    [claim("sub"), "<>", { config }],
    [claim("sub"), "<>", given(`e30.${base64url("[1]")}.e30`)],
    ["%JWT_CLAIM(x-t:sub):3|upper%", "A U", { config, headers: { "x-t": token } }],
  ]);

  test.for([
    "",
    "Bearer",
    "Bearer ",
    "Basic YTpi",
    token.replace(/\.[^.]*$/, ""),
    `${token}.x`,
    `${token} `.concat("Bearer other"),
    `x ${token}`,
    `e30.${base64url('{"sub":')}.e30`,
    `e30.${base64url('{"sub":"a"} x')}.e30`,
    "e30.e30=.e30",
    "e30.**.e30",
  ])("fails where the token is malformed: %j", (value) => {
    expect(render("request", claim("sub"), given(value))).toBe(3);
  });

  test("is allowed for by the configuration, and has a header and a path", () => {
    const told = "allowUnverifiedJwt for an unverified claim, or jwt_authn and DYNAMIC_METADATA";
    expect(problem("%JWT_CLAIM(authorization:sub)%")).toBe(`expected ${told}, in "%JWT_CLAIM(authorization:sub)%"`);
    for (const wrong of ["authorization", "authorization:", ":sub", "a b:sub"]) {
      const expected = `expected JWT_CLAIM(header:claim.path), in "%JWT_CLAIM(${wrong})%"`;
      expect(problem(`%JWT_CLAIM(${wrong})%`, "request", config)).toBe(expected);
    }
  });
});

describe("a mistake is told:", () => {
  test.for([
    ["%PATH(XX)%", 'WQ or NQ, found "XX"'],
    ["%START_TIME(%q)%", 'a time format, found "%q"'],
    ["%PROTOCOL(x)%", "PROTOCOL without an argument"],
    ["%METHOD(x)%", "METHOD without an argument"],
    ["%UNIQUE_ID(x)%", "UNIQUE_ID without an argument"],
    ["%QUERY_PARAM%", "QUERY_PARAM(x)"],
    ["%COOKIE()%", "COOKIE(x)"],
    ["%ENVIRONMENT%", "ENVIRONMENT(x)"],
    ["%ATTR()%", "ATTR(x)"],
    ["%REQUEST_ID%", 'an operator, found "REQUEST_ID"'],
  ])("%s", ([template, expected]) => expect(problem(template!)).toBe(`expected ${expected}, in "${template}"`));

  test.for(NATIVE_OPERATORS)("native header_mutation has %s", (operator) => {
    const name = operator.replace(/\(.*/, "");
    const told = `expected an operator, found "${name}", which native header_mutation has, in "%${name}`;
    expect(problem(`%${operator}%`).startsWith(told)).toBe(true);
    expect(problem(`%${name}S%`)).not.toContain("native");
  });
});
