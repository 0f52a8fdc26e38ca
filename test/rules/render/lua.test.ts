// Rules as a Lua script: what is rendered. That it does the same, test/rules/equal.test.ts says.
import { describe, expect, test } from "vitest";
import { renderLua } from "../../../src/rules/render/lua.ts";
import { planOf, rendered, rule } from "./render.ts";

/** What a function for Envoy does. */
const body = (parts: object, side: "request" | "response" = "request"): string[] => {
  const lines = String(rendered("lua", rule(parts))).split("\n");
  const from = lines.indexOf(`function envoy_on_${side}(handle)`);
  return lines.slice(from + 2, lines.indexOf("end", from)).map((line) => line.slice(2));
};

describe("an operation becomes", () => {
  test.for<[string, object, string[]]>([
    ["set", { set: { name: "X-A", value: 'a"\\\tb' } }, ['headers:replace("x-a", "a\\"\\\\\\tb")']],
    ["add", { add: { name: "x-a", value: "1" } }, ['headers:add("x-a", "1")']],
    ["nothing, for an empty value", { add: { name: "x-a", value: "" } }, []],
    ["set, of several", { set: { name: "x-a", values: ["1", "", "2"] } }, ['set(headers, "x-a", { "1", "2" })']],
    [
      "add, of a template",
      { add: { name: "x-a", value: "a%LITERAL(b)%%%%REQ(Host?x-b[1])|lower%" } },
      [
        'add(headers, "x-a", written({ "a" .. "b" .. "%" .. (headers:getAtIndex(":authority", 1) or headers:getAtIndex("x-b", 1) or ""):lower() }))',
      ],
    ],
    [
      "an empty value that is kept",
      { set: { name: "x-a", value: "%REQ(x-b[*]):3%", keepEmptyValue: true } },
      ['set(headers, "x-a", written({ (joined(headers, "x-b") or ""):sub(1, 3) }, true))'],
    ],
    [
      "addIfAbsent",
      { addIfAbsent: { name: "x-a", value: "1" } },
      ['if headers:getNumValues("x-a") == 0 then', '  headers:add("x-a", "1")', "end"],
    ],
    [
      "setIfPresent",
      { setIfPresent: { name: "x-a", value: "1" } },
      ['if headers:getNumValues("x-a") > 0 then', '  headers:replace("x-a", "1")', "end"],
    ],
    [
      "append",
      { append: { name: "x-a", value: "1", scope: "everyLine" } },
      ['append(headers, "x-a", { "1" }, ", ", false, true)'],
    ],
    ["remove", { remove: "x-a" }, ['headers:remove("x-a")']],
    [
      "remove by value",
      { remove: { name: "x-a", value: { suffix: "é" } } },
      ['remove_lines(headers, "x-a", function(line) return line:sub(-2) == "é" end)'],
    ],
    [
      "retain, but for what patterns leave alone",
      { retain: ["te", { prefix: "x-" }] },
      [
        "do",
        '  local protected = { ["connection"] = true, ["keep-alive"] = true, ["proxy-connection"] = true, ["trailer"] = true, ["transfer-encoding"] = true, ["upgrade"] = true, ["content-length"] = true, ["host"] = true }',
        "  local function is_wanted(name)",
        '    return not (name == "te" or name:sub(1, 2) == "x-") and name:sub(1, 1) ~= ":" and not protected[name]',
        "  end",
        "  for _, name in ipairs(names_of(headers, is_wanted)) do",
        "    headers:remove(name)",
        "  end",
        "end",
      ],
    ],
    ["rename", { rename: { from: "x-a", to: "x-b" } }, ['move(headers, "x-a", "x-b", "overwrite")']],
    ["copy", { copy: { from: "x-a", to: "x-b", onConflict: "skip" } }, ['move(headers, "x-a", "x-b", "skip", true)']],
    [
      "replace of a literal",
      { replace: { name: "x-a", pattern: { literal: "a" }, substitution: "<\\0>", scope: "element", match: "whole" } },
      [
        "do",
        '  local substitution = "<a>"',
        '  edit_elements(headers, "x-a", function(text) return replaced(text, "a", substitution, "whole") end)',
        "end",
      ],
    ],
    [
      "dedupe",
      { dedupe: { name: "x-a" } },
      ['update(headers, "x-a", retained(lines_of(headers, "x-a"), "RETAIN_FIRST"))'],
    ],
    ["split", { split: { name: "x-a" } }, ['update(headers, "x-a", texts_of(lines_of(headers, "x-a"), ","))']],
    ["join", { join: { name: "x-a" } }, ['join(headers, "x-a", ", ")']],
    ["query", { query: { remove: ["a"] } }, ['edit_query(headers, { "a" })']],
    [
      "cookie",
      { cookie: { set: { name: "a", value: "%REQ(x)|urldecode%" } } },
      [
        "do",
        '  local value = written({ urldecode(headers:getAtIndex("x", 0) or "") }, true)[1]',
        '  if value and value ~= "" and not value:find(";", 1, true) then',
        '    edit_cookies(headers, {}, "a", value)',
        "  end",
        "end",
      ],
    ],
  ])("%s", ([, operation, expected]) => {
    const parts = { name: "r", request: [operation] };
    if (expected.length > 0) expect(body(parts)).toEqual(["-- r (rules[0])", ...expected]);
    else expect(rendered("lua", rule(parts))).toBe("");
  });

  test("setCookie", () => {
    const attributes = { path: "/", secure: true, httpOnly: false };
    expect(body({ response: [{ setCookie: { name: "a", value: "1", attributes } }] }, "response").slice(1)).toEqual([
      'edit_set_cookie(headers, "a", "1", { { name = "Path", value = "/" }, { name = "Secure" }, { name = "HttpOnly", is_removed = true } })',
    ]);
  });
});

describe("an operator becomes", () => {
  test.for<[string, string]>([
    ["%METHOD%", 'headers:getAtIndex(":method", 0) or ""'],
    ["%PATH%", 'headers:getAtIndex(":path", 0) or ""'],
    ["%PATH(NQ)%", 'path_of(headers) or ""'],
    ["%QUERY_PARAM(a b)%", 'query_value(headers, "a b")'],
    ["%COOKIE(sid)%", 'cookie_value(headers, "sid")'],
    ["%REQ(x)|default(a)%", 'default(headers:getAtIndex("x", 0) or "", "a")'],
    ["%LITERAL(a)|upper|substr(0,1)%", '("a"):upper():sub(1, 1)'],
    [
      "%REQ(x)|base64|base64url|urlencode|trim%",
      'trim(urlencode(base64url(handle, handle:base64Escape(headers:getAtIndex("x", 0) or ""))))',
    ],
  ])("%s", ([value, expected]) => {
    expect(body({ request: [{ set: { name: "x-a", value } }] })[1]).toBe(
      `set(headers, "x-a", written({ ${expected} }))`,
    );
  });

  test("of the request, on a response, what was kept", () => {
    const operations = [{ set: { name: "x-a", value: "%COOKIE(sid)%%REQ(x)%%COOKIE(sid)%" } }];
    const plan = rule({ response: operations });
    expect(String(rendered("lua", plan))).toContain('kept.request_1 = to_ascii(cookie_value(headers, "sid"))');
    expect(body({ response: operations }, "response").at(-1)).toBe(
      'set(headers, "x-a", written({ from_ascii(kept.request_1) .. from_ascii(kept.request_2) .. from_ascii(kept.request_1) }))',
    );
  });
});

describe("a condition becomes", () => {
  const named = (of: object) => [{ name: "A", ...of }];
  test.for<[object, string]>([
    [{ hostnames: ["*.Example.com"] }, 'is_host(headers, { "*.example.com" })'],
    [{ method: "GET" }, 'headers:get(":method") == "GET"'],
    [{ path: { type: "Exact", value: "/a" } }, 'path_of(headers) == "/a"'],
    [{ path: { value: "/a/" } }, 'has_path_prefix(headers, "/a")'],
    [{ headers: named({ value: "1" }) }, 'joined(headers, "a") == "1"'],
    [
      { headers: named({ type: "Prefix", value: "é", invert: true }) },
      'not ((joined(headers, "a") or ""):sub(1, 2) == "é")',
    ],
    [{ headers: named({ type: "Absent" }) }, 'joined(headers, "a") == nil'],
    [{ queryParams: named({ type: "Present" }) }, 'query_parameter(headers, "a") ~= nil'],
    [{ cookies: named({ type: "Contains", value: "x" }) }, '(cookie(headers, "a") or ""):find("x", 1, true) ~= nil'],
    [
      { method: "GET", not: { method: "PUT", path: { value: "/" } } },
      'headers:get(":method") == "GET" and not (headers:get(":method") == "PUT" and has_path_prefix(headers, ""))',
    ],
  ])("%j", ([entry, expected]) => {
    expect(body({ matches: [entry], request: [{ remove: "x-a" }] })[1]).toBe(`if ${expected} then`);
  });

  test.for<[object, string]>([
    [{ status: [503] }, "status_of(headers) == 503"],
    [
      { status: ["4xx", "500-503"] },
      "(status_of(headers) >= 400 and status_of(headers) <= 499 or status_of(headers) >= 500 and status_of(headers) <= 503)",
    ],
    [{ contentTypes: ["Text/Html"] }, 'media_type(headers) == "text/html"'],
    [{ headers: named({ value: "1" }) }, 'joined(headers, "a") == "1"'],
  ])("%j of a response", ([response, expected]) => {
    expect(body({ matches: [{ response }], response: [{ remove: "x-a" }] }, "response")[1]).toBe(`if ${expected} then`);
  });
});

test("a script has the helpers that it needs, in front of what uses them, and no others", () => {
  const rendering = renderLua(rule({ request: [{ join: { name: "x-a" } }] }));
  const script = JSON.stringify(rendering).replaceAll("\\n", "\n");
  expect([...script.matchAll(/^local function (\w+)/gm)].map(([, name]) => name)).toEqual([
    "lines_of",
    "set",
    "update",
    "trim",
    "join",
  ]);
});

test("what the response must know of the request is kept for it, and nothing else", () => {
  const plan = planOf({
    rules: [
      {
        name: "one",
        matches: [{ method: "GET" }],
        request: [{ remove: "x-a" }],
        response: [{ remove: "x-a" }],
        stop: true,
      },
      {
        name: "two",
        matches: [{ path: { value: "/a" }, response: { status: [200] } }],
        response: [{ set: { name: "x-b", value: "%REQ(x-b)%%ORIG_REQ(x-b)%" } }],
      },
    ],
    securityHeaders: { "x-end": "%ORIG_RESP(x-b)%" },
  });
  expect(String(rendered("lua", plan)).replace(/"[0-9a-f]{8}"/g, '"ID"')).toMatchInlineSnapshot(`
    "local function request_rules(handle, headers, kept, original)
      -- one (rules[0])
      kept.rule_1 = headers:get(":method") == "GET"
      if kept.rule_1 then
        headers:remove("x-a")
        return
      end

      -- two (rules[1])
      kept.rule_2_1 = has_path_prefix(headers, "/a")
    end

    function envoy_on_request(handle)
      local headers = handle:headers()
      -- As it is before any rule.
      local original = {
        original_1 = headers:getAtIndex("x-b", 0) or "",
      }
      -- What the response must know of the request.
      local kept = {}
      request_rules(handle, headers, kept, original)
      kept.original_1 = to_ascii(original.original_1)
      kept.request_1 = to_ascii(headers:getAtIndex("x-b", 0) or "")
      handle:streamInfo():dynamicMetadata():set("filterwright.headers", "ID", kept)
    end

    local function response_rules(handle, headers, kept, original)
      -- one (rules[0])
      if kept.rule_1 then
        headers:remove("x-a")
        return
      end

      -- two (rules[1])
      if kept.rule_2_1 and status_of(headers) == 200 then
        set(headers, "x-b", written({ from_ascii(kept.request_1) .. from_ascii(kept.original_1) }))
      end
    end

    function envoy_on_response(handle)
      local headers = handle:headers()
      -- What the request's rules kept; nothing for a reply to a request that they never saw.
      local kept = (handle:streamInfo():dynamicMetadata():get("filterwright.headers") or {})["ID"]
      if not kept then return end
      -- As it is before any rule.
      local original = {
        original_1 = headers:getAtIndex("x-b", 0) or "",
      }
      response_rules(handle, headers, kept, original)

      -- securityHeaders
      if headers:getNumValues("x-end") == 0 then
        add(headers, "x-end", written({ original.original_1 }))
      end
    end
    "
  `);
});
