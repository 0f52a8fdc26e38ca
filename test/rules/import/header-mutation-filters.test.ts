import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3";
const filter = (key: string, more: object = {}) => ({
  name: key,
  typed_config: {
    "@type": `${TYPE}.HeaderMutation`,
    mutations: { request_mutations: [{ remove: key }], response_mutations: [{ remove: key }] },
  },
  ...more,
});

describe("several filters", () => {
  test("run on a request from the first to the last, on a response from the last to the first", () => {
    const sides = rulesOf("header_mutation", { http_filters: [filter("x-1"), filter("x-2")] }).map(
      ({ request: forward, response: back }) => [forward, back],
    );
    expect(sides).toEqual([
      [[{ remove: "x-1" }], undefined],
      [[{ remove: "x-2" }], undefined],
      [undefined, [{ remove: "x-2" }]],
      [undefined, [{ remove: "x-1" }]],
    ]);
  });

  test("of two listeners are written with a note", () => {
    const listeners = ["x-1", "x-2"].map((key) => ({ http_filters: [filter(key)] }));
    expect(imported("header_mutation", { listeners }).notes).toEqual([
      "the filters stand in 2 lists of http_filters: what is written runs all of them on every request",
    ]);
  });

  test("are refused where a route, a cluster or the order among routes decides", () => {
    const perRoute = { "@type": `${TYPE}.HeaderMutationPerRoute`, mutations: {} };
    const config = {
      routes: [{ typed_per_filter_config: { mutation: perRoute } }],
      http_filters: [
        filter("x-1", { disabled: true }),
        { typed_config: { ...filter("x-2").typed_config, most_specific_header_mutations_wins: true, other: 1 } },
      ],
      clusters: [{ http_filters: [filter("x-3")] }],
    };
    expect(refused("header_mutation", config)).toEqual([
      expect.stringMatching(
        /^routes\[0\].typed_per_filter_config.mutation: a route's, virtual host's or cluster's own/,
      ),
      expect.stringMatching(/^http_filters\[0\]: the filter is disabled/),
      expect.stringMatching(/^http_filters\[1\].typed_config.other: an unknown key/),
      expect.stringMatching(/^http_filters\[1\].typed_config.most_specific_header_mutations_wins: the order among/),
      expect.stringMatching(/^clusters\[0\].http_filters\[0\].typed_config: a filter of an upstream's own chain/),
    ]);
  });

  test("are missed where there are none", () => {
    expect(refused("header_mutation", { static_resources: {} })).toEqual([
      "the document: expected a header_mutation filter, or its mutations: found none",
    ]);
  });
});
