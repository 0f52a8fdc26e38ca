import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../guest-module.ts";
import { imported, refused, rulesOf } from "./imported.ts";

const append = (key: string, value: string, more: object = {}) => ({ append: { header: { key, value }, ...more } });
const requests = (...request_mutations: object[]) => ({ mutations: { request_mutations } });
const request = (...mutations: object[]) => rulesOf("header_mutation", requests(...mutations))[0]?.request;
const value = (text: string) => request(append("x-a", text));
const refusedRequest = (...mutations: object[]) => refused("header_mutation", requests(...mutations));

describe("a configuration of header_mutation", () => {
  // test/extensions/filters/http/header_mutation/header_mutation_test.cc of Envoy, but for the value that may be empty
  test("is read mutation by mutation, in order, the query behind the headers", () => {
    const config = `
  mutations:
    request_mutations:
    - remove: "flag-header"
    - append:
        header:
          key: "flag-header"
          value: "%REQ(ANOTHER-FLAG-HEADER)%"
        append_action: "APPEND_IF_EXISTS_OR_ADD"
    - append:
        header:
          key: "flag-header-3"
          value: "flag-header-3-value"
        append_action: "ADD_IF_ABSENT"
    - append:
        header:
          key: "flag-header-4"
          value: "flag-header-4-value"
        append_action: "OVERWRITE_IF_EXISTS_OR_ADD"
    - append:
        header:
          key: "flag-header-5"
          value: "flag-header-5-value"
        append_action: "OVERWRITE_IF_EXISTS"
    parameter_mutations:
    - remove: "flag-query"
    - append:
        record:
          key: "flag-query-2"
          value: "flag-query-2-value"
        action: "APPEND_IF_EXISTS_OR_ADD"
    - append:
        record:
          key: "flag-query-3"
          value: "flag-query-3-value"
        action: "ADD_IF_ABSENT"
    - append:
        record:
          key: "flag-query-4"
          value: "flag-query-4-value"
        action: "OVERWRITE_IF_EXISTS_OR_ADD"
    - append:
        record:
          key: "flag-query-5"
          value: "flag-query-5-value"
        action: "OVERWRITE_IF_EXISTS"
    response_mutations:
    - append:
        header:
          key: "flag-header"
          value: "%RESP(ANOTHER-FLAG-HEADER)%"
`;
    expect(imported("header_mutation", config)).toEqual({
      rules: {
        version: "v1",
        rules: [
          {
            name: "header-mutation-request",
            request: [
              { remove: "flag-header" },
              { add: { name: "flag-header", value: "%REQ(ANOTHER-FLAG-HEADER)%" } },
              { addIfAbsent: { name: "flag-header-3", value: "flag-header-3-value" } },
              { set: { name: "flag-header-4", value: "flag-header-4-value" } },
              { setIfPresent: { name: "flag-header-5", value: "flag-header-5-value" } },
            ],
          },
          { name: "header-mutation-query-0", request: [{ query: { remove: ["flag-query"] } }] },
          {
            name: "header-mutation-query-1",
            request: [{ query: { add: { name: "flag-query-2", value: "flag-query-2-value" } } }],
          },
          {
            name: "header-mutation-query-2",
            matches: [{ queryParams: [{ name: "flag-query-3", type: "Absent" }] }],
            request: [{ query: { set: { name: "flag-query-3", value: "flag-query-3-value" } } }],
          },
          {
            name: "header-mutation-query-3",
            request: [{ query: { set: { name: "flag-query-4", value: "flag-query-4-value" } } }],
          },
          {
            name: "header-mutation-query-4",
            matches: [{ queryParams: [{ name: "flag-query-5", type: "Present" }] }],
            request: [{ query: { set: { name: "flag-query-5", value: "flag-query-5-value" } } }],
          },
          {
            name: "header-mutation-response",
            response: [{ add: { name: "flag-header", value: "%RESP(ANOTHER-FLAG-HEADER)%" } }],
          },
        ],
      },
      notes: [expect.stringContaining("query parameters are left as they are")],
      leftOut: [],
    });
  });

  test("may be the mutations alone, or in camelCase", () => {
    const rules = [
      {
        name: "header-mutation-request",
        request: [{ addIfAbsent: { name: "x-a", value: "1", keepEmptyValue: true } }],
      },
    ];
    const camel = {
      append: { header: { key: "x-a", value: "1" }, appendAction: "ADD_IF_ABSENT", keepEmptyValue: true },
    };
    expect(rulesOf("header_mutation", { requestMutations: [camel] })).toEqual(rules);
    const snake = append("x-a", "1", { append_action: "ADD_IF_ABSENT", keep_empty_value: true });
    expect(rulesOf("header_mutation", { request_mutations: [snake] })).toEqual(rules);
  });

  test("is found in a whole configuration of Envoy", () => {
    const envoy = readFileSync(join(projectRoot, "envoy/envoy-native.yaml"), "utf8");
    const filter = "listeners-0-filter-chains-0-filters-0-http-filters-0";
    expect(rulesOf("header_mutation", envoy)).toEqual([
      {
        name: `${filter}-request`,
        request: [{ add: { name: "x-demo-request", value: "hello" } }, { remove: "x-internal" }],
      },
      {
        name: `${filter}-response`,
        response: [{ add: { name: "x-demo-response", value: "world" } }, { remove: "x-powered-by" }],
      },
    ]);
  });
});

describe("a mutation", () => {
  test("has the bool that append_action was before", () => {
    expect(request(append("x-a", "1", { append: false }), append("x-b", "1", { append: true }))).toEqual([
      { set: { name: "x-a", value: "1" } },
      { add: { name: "x-b", value: "1" } },
    ]);
    expect(refusedRequest(append("x-a", "1", { append: false, append_action: "ADD_IF_ABSENT" }))).toEqual([
      "mutations.request_mutations[0].append: append and append_action together: Envoy takes one of them",
    ]);
  });

  test("removes names that match", () => {
    const match = (key_matcher: object) => ({ remove_on_match: { key_matcher } });
    expect(
      request(
        match({ exact: "X-A", ignore_case: true }),
        match({ prefix: "x-b-" }),
        match({ suffix: "-c" }),
        match({ contains: "ddd" }),
        match({ safe_regex: { google_re2: {}, regex: "x-\\S+-e" } }),
        match({ prefix: "X-Never" }),
      ),
    ).toEqual([
      { remove: "x-a" },
      { remove: { prefix: "x-b-" } },
      { remove: { suffix: "-c" } },
      { remove: { contains: "ddd" } },
      { remove: { regex: "x-\\S+-e" } },
    ]);
    const at = (index: number) => `mutations.request_mutations[${index}].remove_on_match.key_matcher`;
    expect(
      refusedRequest(
        match({ prefix: "x-forwarded-" }),
        match({ safe_regex: { regex: "X-.*" } }),
        match({ safe_regex: { regex: "(?=x)x-.*" } }),
        match({ custom: {} }),
        match({ exact: "content-length" }),
      ),
    ).toEqual([
      `${at(0)}.prefix: it removes x-forwarded-proto as well, which a pattern of ours leaves alone`,
      expect.stringContaining(`${at(1)}.safe_regex.regex: a regular expression with capital letters`),
      expect.stringContaining(`${at(2)}.safe_regex.regex: a regular expression that looks ahead or behind`),
      expect.stringContaining(`${at(3)}.custom: an unknown key`),
      expect.stringContaining(`${at(3)}: expected exact, prefix`),
      `${at(4)}.exact: content-length belongs to the connection: rules never remove it`,
    ]);
  });

  test("sets the guard that its header needs", () => {
    const set = { append_action: "OVERWRITE_IF_EXISTS_OR_ADD" };
    const { rules, notes } = imported(
      "header_mutation",
      requests(append("X-Envoy-Max-Retries", "1", set), append("Host", "a", set)),
    );
    expect(rules.guard).toEqual({ allowEnvoy: true, allowRouting: true });
    expect(notes).toEqual([
      "guard.allowEnvoy is set, for x-envoy-max-retries is written: Envoy acts on it",
      "guard.allowRouting is set, for host is written: Envoy chooses its route anew after a write to the request",
    ]);
    const { rules: onResponse } = imported("header_mutation", { response_mutations: [append("x-envoy-a", "1")] });
    expect(onResponse.guard).toBeUndefined();
  });

  test("is refused by its header's name where rules never write or remove it", () => {
    const reasons = refusedRequest(
      append("Connection", "close"),
      append("proxy-authorization", "x"),
      append(":status", "200"),
      append("x a", "1"),
      { remove: "Transfer-Encoding" },
      { remove: "host" },
      { remove: ":path" },
      { remove: "x-forwarded-proto" },
    );
    expect(reasons.map((line) => line.replace(/^mutations\.request_mutations\[\d\]\./, ""))).toEqual([
      "append.header.key: connection belongs to the connection: rules never write it",
      "append.header.key: proxy-authorization is the proxy's own: rules never write it",
      "append.header.key: rules never write :status",
      'append.header.key: expected a header\'s name, found "x a"',
      "remove: transfer-encoding belongs to the connection: rules never remove it",
      "remove: rules never remove host: Envoy finds no route without it",
      "remove: rules never remove :path: no request is without it",
      "remove: rules never remove x-forwarded-proto: Envoy finds no route without it",
    ]);
  });

  test("is refused with every place that is wrong", () => {
    const config = {
      mutations: {
        request_mutations: [{}, { remove: "a", append: {} }, { remove: 1 }, append("x", "1", { append_action: "X" })],
        query_parameter_mutations: [
          { append: { record: { key: "a", value: "%REQ(x)%" } } },
          { append: { record: { key: "a", value: "a%QUERY_PARAM(x)%" } } },
          { append: { entry: { key: "a", value: "b" } } },
          {},
        ],
        request_trailers_mutations: [{ remove: "x" }],
        mutation: [],
      },
    };
    expect(refused("header_mutation", config)).toEqual([
      expect.stringContaining("mutations.mutation: an unknown key"),
      "mutations.request_trailers_mutations: rules write no trailers",
      "mutations.request_mutations[0]: expected one of remove, append, remove_on_match, found 0 of them",
      "mutations.request_mutations[1]: expected one of remove, append, remove_on_match, found 2 of them",
      "mutations.request_mutations[2].remove: expected a text, found the number 1: put it in quotes",
      expect.stringContaining("mutations.request_mutations[3].append.append_action: expected one of APPEND_IF"),
      expect.stringContaining(
        "mutations.query_parameter_mutations[0].append.record.value: a value that may come out empty",
      ),
      expect.stringContaining("mutations.query_parameter_mutations[1].append.record.value: a value made of the query"),
      expect.stringContaining("mutations.query_parameter_mutations[2].append.entry: Envoy 1.40 takes a record"),
      "mutations.query_parameter_mutations[3]: expected append or remove",
    ]);
  });

  test("is left out with what is wrong where that is wished for", () => {
    const all = { remove_on_match: { key_matcher: { prefix: "con" } } };
    const config = requests(append("connection", "x"), { remove: "x-a" }, all);
    expect(imported("header_mutation", config, { partial: true })).toEqual({
      rules: { version: "v1", rules: [{ name: "header-mutation-request", request: [{ remove: "x-a" }] }] },
      notes: [],
      leftOut: [
        {
          path: "mutations.request_mutations[0].append.header.key",
          reason: "connection belongs to the connection: rules never write it",
        },
        {
          path: "mutations.request_mutations[2].remove_on_match.key_matcher.prefix",
          reason: "it removes connection, content-length as well, which a pattern of ours leaves alone",
        },
      ],
    });
  });
});

test("a bare text of YAML 1.1 that is a boolean is told", () => {
  expect(refused("header_mutation", "mutations: {request_mutations: [append: {header: {key: x, value: on}}]}")).toEqual(
    ["mutations.request_mutations[0].append.header.value: expected a text, found the boolean true: put it in quotes"],
  );
  expect(value("on")).toEqual([{ add: { name: "x-a", value: "on" } }]);
});
