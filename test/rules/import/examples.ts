import type { ImportSource } from "../../../src/rules/import/import-rules.ts";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";

/** A configuration of each system with something of everything that is read of it, all of it in order. */
export const EXAMPLES: Record<ImportSource, object> = {
  header_mutation: {
    http_filters: [
      {
        name: "m",
        typed_config: {
          "@type": TYPE,
          mutations: {
            request_mutations: [
              { remove: "x-a" },
              { append: { header: { key: "x-b", value: "%REQ(x)%-%%-ü" }, append_action: "ADD_IF_ABSENT" } },
              { append: { header: { key: "host", raw_value: "YQ==" }, append: false, keep_empty_value: true } },
              { remove_on_match: { key_matcher: { prefix: "x-c", ignore_case: true } } },
              { remove_on_match: { key_matcher: { safe_regex: { regex: "x-[a-c]+" } } } },
            ],
            query_parameter_mutations: [
              { append: { record: { key: "q", value: "1" }, action: "OVERWRITE_IF_EXISTS" } },
              { remove: "r" },
            ],
            response_mutations: [{ append: { header: { key: "x-e", value: "%START_TIME(%Y)%" } } }],
          },
        },
      },
    ],
  },
  "gateway-api": {
    kind: "List",
    items: [
      {
        kind: "HTTPRoute",
        metadata: { name: "r", namespace: "n", creationTimestamp: "2026-01-01T00:00:00Z" },
        spec: {
          hostnames: ["a.example", "*.example"],
          rules: [
            {
              matches: [
                { path: { type: "RegularExpression", value: "/a+" }, method: "GET" },
                { headers: [{ name: "a", value: "1" }], queryParams: [{ name: "q", value: "true" }] },
              ],
              filters: [
                {
                  type: "RequestHeaderModifier",
                  requestHeaderModifier: {
                    set: [{ name: "x-a", value: "100%" }],
                    add: [{ name: "x-b", value: "null" }],
                    remove: ["x-c"],
                    removeOnMatch: [{ type: "Suffix", value: "-d" }],
                  },
                },
              ],
            },
          ],
        },
      },
    ],
  },
  kong: {
    services: [
      {
        name: "s",
        routes: [
          {
            name: "r",
            plugins: [
              {
                name: "request-transformer",
                config: {
                  http_method: "POST",
                  remove: { headers: ["x-a"], querystring: ["q"] },
                  rename: { headers: ["x-b:x-c"] },
                  replace: { headers: ["host:a"], uri: "/a" },
                  add: { headers: ["x-d:$(headers.x)"], querystring: ["r:1"] },
                },
              },
            ],
          },
        ],
      },
    ],
    plugins: [
      {
        name: "response-transformer-advanced",
        config: { remove: { headers: ["x-a:/b/"], if_status: ["500-599"] }, append: { headers: ["x-e:# y"] } },
      },
    ],
  },
  higress: {
    _rules_: [{ _match_domain_: ["*.a"], respRules: [{ operate: "remove", headers: [{ key: "x" }] }] }],
    reqRules: [
      { operate: "add", headers: [{ key: "x-a", value: "$1", host_pattern: "^(.*)\\.com$" }] },
      { operate: "rename", headers: [{ oldKey: "x-b", newKey: "x-c" }] },
      { operate: "dedupe", headers: [{ key: "x-d", strategy: "SPLIT_AND_RETAIN_LAST" }] },
      { operate: "map", headers: [{ fromKey: "x-e", toKey: "x-f" }] },
      { operate: "append", querys: [{ key: "q", appendValue: "on" }] },
    ],
  },
};
