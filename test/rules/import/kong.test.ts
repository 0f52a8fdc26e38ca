import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const plugin = (name: string, config: object, more: object = {}) => ({ name, config, ...more });
const ofRequests = (config: object) => rulesOf("kong", plugin("request-transformer", config));
const request = (config: object) => ofRequests(config)[0]?.request;
const response = (config: object) => rulesOf("kong", plugin("response-transformer", config))[0]?.response;
const refusedRequest = (config: object) => refused("kong", plugin("request-transformer", config));
const refusedResponse = (config: object) => refused("kong", plugin("response-transformer", config));
const advanced = (config: object) => imported("kong", plugin("response-transformer-advanced", config)).rules.rules;

describe("request-transformer", () => {
  // spec/03-plugins/36-request-transformer/02-access_spec.lua of Kong, route3, in a declarative configuration
  test("runs remove, rename, replace, add and append, whatever their order, then the query", () => {
    const config = `
_format_version: "3.0"
plugins:
- name: request-transformer
  config:
    add:
      headers: ["x-added:a1", "x-added2:b1", "x-added3:c2"]
      querystring: ["query-added:newvalue", "p1:anything:1"]
    remove: { headers: [x-to-remove], querystring: [toremovequery] }
    append: { headers: ["x-added:a2", "x-added:a3"], querystring: ["p1:a2"] }
    replace: { headers: ["x-to-replace:false"], querystring: ["toreplacequery:no"] }
    rename: { headers: ["x-to-rename:x-is-renamed"] }
`;
    const name = "plugins-0-request-transformer";
    expect(imported("kong", config).rules).toEqual({
      version: "v1",
      rules: [
        {
          name,
          request: [
            { remove: "x-to-remove" },
            { rename: { from: "x-to-rename", to: "x-is-renamed" } },
            { setIfPresent: { name: "x-to-replace", value: "false" } },
            { addIfAbsent: { name: "x-added", value: "a1" } },
            { addIfAbsent: { name: "x-added2", value: "b1" } },
            { addIfAbsent: { name: "x-added3", value: "c2" } },
            { add: { name: "x-added", value: "a2" } },
            { add: { name: "x-added", value: "a3" } },
          ],
        },
        { name: `${name}-query-remove`, request: [{ query: { remove: ["toremovequery"] } }] },
        {
          name: `${name}-query-replace`,
          matches: [{ queryParams: [{ name: "toreplacequery", type: "Present" }] }],
          request: [{ query: { set: { name: "toreplacequery", value: "no" } } }],
        },
        {
          name: `${name}-query-add`,
          matches: [{ queryParams: [{ name: "query-added", type: "Absent" }] }],
          request: [{ query: { set: { name: "query-added", value: "newvalue" } } }],
        },
        {
          name: `${name}-query-add-2`,
          matches: [{ queryParams: [{ name: "p1", type: "Absent" }] }],
          request: [{ query: { set: { name: "p1", value: "anything:1" } } }],
        },
        { name: `${name}-query-append`, request: [{ query: { add: { name: "p1", value: "a2" } } }] },
      ],
    });
  });

  // the same file, route17
  test("fills in the request as it came, and keeps a header that comes out empty", () => {
    const headers = [
      "x-test-header:$(headers['x-replace-header'])",
      "x-b:a-$( headers.host )-100%-$('$(x)')",
      "x-c:$(not closed",
    ];
    expect(request({ add: { headers } })).toEqual([
      { addIfAbsent: { name: "x-test-header", value: "%ORIG_REQ(x-replace-header)%", keepEmptyValue: true } },
      { addIfAbsent: { name: "x-b", value: "a-%ORIG_REQ(host)%-100%%-$(x)" } },
      { addIfAbsent: { name: "x-c", value: "$(not closed" } },
    ]);
  });

  test("writes the host where it is replaced, and passes over it where Kong does", () => {
    const { rules, notes } = imported(
      "kong",
      plugin("request-transformer", {
        remove: { headers: ["host"] },
        add: { headers: ["host:mark"] },
        replace: { headers: ["Host: a.example "] },
      }),
    );
    expect(rules).toEqual({
      version: "v1",
      guard: { allowRouting: true },
      rules: [{ name: "request-transformer", request: [{ set: { name: "host", value: "a.example" } }] }],
    });
    expect(notes).toContain("config.remove.headers[0]: left out, for Kong passes over the host here");
    expect(notes).toContain("config.add.headers[0]: left out, for Kong passes over the host here");
  });

  test("replaces path and method, and leaves the query", () => {
    expect(request({ http_method: "POST", replace: { uri: "/a/b" } })).toEqual([
      { replace: { name: ":path", pattern: { regex: "^[^?]*" }, substitution: "/a/b", match: "first" } },
      { set: { name: ":method", value: "POST" } },
    ]);
    expect(refusedRequest({ http_method: "GET", replace: { uri: "/$(uri_captures[1])" } })).toEqual([
      expect.stringMatching(/^config.replace.uri: expected a path of letters/),
      "config.http_method: Kong makes a form in the body part of the query then",
    ]);
  });

  test("may have lists without anything in them, as Kong writes them out", () => {
    const none = { body: [], headers: [], querystring: [] };
    const config = { http_method: null, remove: none, rename: none, replace: { ...none, uri: null }, append: none };
    expect(ofRequests({ ...config, add: { ...none, headers: ["x-a:1"] } })).toHaveLength(1);
  });

  test("is refused where its Lua is more than a header", () => {
    const at = "config.add.headers";
    const lua = [
      "uri_captures.user1",
      "shared.x",
      "headers.x or 'd'",
      "headers.x_y",
      "query_params.q1",
      "type(headers.x)",
      "''..'a'",
    ];
    expect(refusedRequest({ add: { headers: lua.map((text) => `x-a:$(${text})`) } })).toEqual([
      `${at}[0]: $(uri_captures.user1): our templates know nothing of uri_captures`,
      `${at}[1]: $(shared.x): our templates know nothing of shared`,
      `${at}[2]: $(headers.x or 'd'): Lua that our templates do not have`,
      `${at}[3]: $(headers.x_y): Kong looks for two names: write headers["x-y"]`,
      expect.stringContaining("$(query_params.q1): our operators do not make a + of a query a space"),
      `${at}[5]: $(type(headers.x)): Lua that our templates do not have`,
      `${at}[6]: $(''..'a'): Lua that our templates do not have`,
    ]);
  });

  test("is refused with every place that rules cannot say", () => {
    const config = {
      remove: { headers: ["te", "x y", "x-forwarded-proto"], body: ["a"] },
      rename: { headers: ["a_b:c", "a:b c", "a"], querystring: ["a:b"] },
      replace: { querystring: ["a:$(headers.x)"] },
      add: { headers: ["X-Forwarded-For:1", "x-a:", "x_a:1", "upgrade:h2c", "x-v:{vault://env/a}"], json: [] },
      append: { headers: ["host:a", 1] },
      prepend: {},
    };
    expect(refusedRequest(config)).toEqual([
      expect.stringMatching(/^config.prepend: an unknown key/),
      "config.remove.body: rules change no bodies",
      "config.remove.headers[0]: te belongs to the connection: rules never remove it",
      expect.stringMatching(/^config.remove.headers\[1\]: expected a header's name of A-Z/),
      "config.remove.headers[2]: x-forwarded-proto: Nginx writes it behind the plugin, which does nothing there",
      'config.rename.headers[2]: expected NAME:VALUE, found "a"',
      "config.rename.headers[0]: a_b: Kong takes _ for - where it looks for a header: write -",
      expect.stringMatching(/^config.rename.headers\[1\]: expected a header's name/),
      expect.stringMatching(/^config.add.json: an unknown key/),
      'config.add.headers[1]: expected NAME:VALUE, found "x-a:"',
      "config.add.headers[4]: a reference to a vault: rules have no secrets but those of the VM's environment",
      "config.add.headers[0]: x-forwarded-for: Nginx writes it behind the plugin, which does nothing there",
      "config.add.headers[2]: x_a: Kong takes _ for - where it looks for a header: write -",
      "config.add.headers[3]: upgrade belongs to the connection: rules never write it",
      "config.append.headers[1]: expected a text, found the number 1: put it in quotes",
      "config.append.headers[0]: Kong replaces the host here: write replace",
      expect.stringMatching(/^config.rename.querystring\[0\]: rules rename no query parameter/),
      expect.stringMatching(/^config.replace.querystring\[0\]: a value that may come out empty/),
    ]);
  });
});

describe("response-transformer", () => {
  // spec/03-plugins/15-response-transformer/01-header_transformer_spec.lua of Kong
  test("runs its steps in Kong's order", () => {
    const config = {
      append: { headers: ["h7:v2", "Set-Cookie:a=1"] },
      add: { headers: ["h6:v2"], json: [] },
      replace: { headers: ["h4:v1", "h5:value:2"] },
      rename: { headers: ["h2:h3"] },
      remove: { headers: ["h1"] },
    };
    expect(response(config)).toEqual([
      { remove: "h1" },
      { rename: { from: "h2", to: "h3" } },
      { setIfPresent: { name: "h4", value: "v1" } },
      { setIfPresent: { name: "h5", value: "value:2" } },
      { addIfAbsent: { name: "h6", value: "v2" } },
      { add: { name: "h7", value: "v2" } },
      { add: { name: "set-cookie", value: "a=1" } },
    ]);
  });

  test("fills nothing in", () => {
    const { rules, notes } = imported("kong", plugin("response-transformer", { add: { headers: ["a:$(headers.b)"] } }));
    expect(rules.rules[0]?.response).toEqual([{ addIfAbsent: { name: "a", value: "$(headers.b)" } }]);
    expect(notes).toEqual([expect.stringMatching(/^config.add.headers\[0\]: response-transformer fills nothing in/)]);
  });

  test("is refused where it asks what the response came with of a header that it has changed", () => {
    const config = {
      remove: { headers: ["a"] },
      rename: { headers: ["b:c", "D:d"] },
      replace: { headers: ["c:1"] },
      add: { headers: ["a:1", "e:1", "e:2"], json: ["p:1"] },
    };
    const reason = "Kong asks whether the response came with it, ours whether it has it after the entries above";
    expect(refusedResponse(config)).toEqual([
      "config.rename.headers[1]: a header renamed to itself, which Kong removes: write remove",
      `config.replace.headers[0]: c: ${reason}`,
      "config.add.json: rules change no bodies",
      `config.add.headers[0]: a: ${reason}`,
      `config.add.headers[2]: e: ${reason}`,
    ]);
  });
});

describe("the advanced transformers", () => {
  // the example of docs.konghq.com/hub/kong-inc/response-transformer-advanced
  test("remove by value, and act on some statuses", () => {
    const remove = [
      "x-toremove",
      "x-another-one:application/json",
      "Set-Cookie:/JSESSIONID=.*/",
      "x-regex://status/$/",
    ];
    expect(
      advanced({
        remove: { headers: remove, if_status: ["200", "500-599"] },
        add: { headers: ["x-new:v"], if_status: ["200", "500-599"] },
        append: { headers: ["x-b:v"] },
        dots_in_keys: true,
        transform: { functions: [] },
      }),
    ).toEqual([
      {
        name: "response-transformer-advanced",
        matches: [{ response: { status: [200, "500-599"] } }],
        response: [
          { remove: "x-toremove" },
          { remove: { name: "x-another-one", value: { exact: "application/json" } } },
          { remove: { name: "set-cookie", value: { regex: "(?s:.*)(?:JSESSIONID=.*)(?s:.*)" } } },
          { remove: { name: "x-regex", value: { regex: "(?s:.*)(?:/status/$)(?s:.*)" } } },
          { addIfAbsent: { name: "x-new", value: "v" } },
        ],
      },
      { name: "response-transformer-advanced-2", response: [{ add: { name: "x-b", value: "v" } }] },
    ]);
  });

  test("are refused beyond headers", () => {
    const config = {
      remove: { headers: ["a:/(a)\\1/"] },
      replace: { body: "x" },
      add: { headers: ["b:$(headers.a)"], if_status: ["2xx"] },
      allow: { json: ["a"] },
      transform: { functions: ["return 1"] },
    };
    expect(refused("kong", plugin("response-transformer-advanced", config))).toEqual([
      "config.allow: rules change no bodies, and run no Lua",
      "config.transform: rules change no bodies, and run no Lua",
      expect.stringMatching(/^config.remove.headers\[0\]: a regular expression that refers back to a group/),
      "config.replace.body: rules change no bodies",
      expect.stringMatching(/^config.add.headers\[0\]: a template of response-transformer-advanced/),
      "config.add.if_status[0]: expected a status such as 503, or a range such as 500-599",
    ]);
    const forRequests = plugin("request-transformer-advanced", { allow: { body: ["a"] }, add: { headers: ["a:1"] } });
    expect(refused("kong", forRequests)).toEqual(["config.allow: rules change no bodies"]);
    expect(refused("kong", [forRequests, plugin("request-transformer", {})])).toEqual([
      "[1]: request-transformer beside request-transformer-advanced: one works on what the other left",
      "[0].config.allow: rules change no bodies",
    ]);
  });
});
