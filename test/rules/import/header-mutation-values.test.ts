import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const append = (key: string, value: string, more: object = {}) => ({ append: { header: { key, value }, ...more } });
const requests = (...request_mutations: object[]) => ({ mutations: { request_mutations } });
const request = (...mutations: object[]) => rulesOf("header_mutation", requests(...mutations))[0]?.request;
const response = (...response_mutations: object[]) =>
  rulesOf("header_mutation", { mutations: { response_mutations } })[0]?.response;
const refusedRequest = (...mutations: object[]) => refused("header_mutation", requests(...mutations));

describe("a value of header_mutation", () => {
  test.each([
    ["100%% %REQ(x-a?:path):5% %RESPONSE_CODE% %RESP(x)%", "100%% %REQ(x-a?:path):5% %RESPONSE_CODE% %RESP(x)%"],
    ["%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)% %UNIQUE_ID%", "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)% %UNIQUE_ID%"],
    ["%DYNAMIC_METADATA(envoy.lb:a:b):9%%PROTOCOL%", "%DYNAMIC_METADATA(envoy.lb:a:b):9%%PROTOCOL%"],
    ["%FILTER_STATE(key:PLAIN):4%", "%FILTER_STATE(key):4%"],
    ["%PATH(NQ:PATH):8%", "%PATH(NQ):8%"],
    ["%PATH%%PATH(WQ)%", "%REQ(x-envoy-original-path?:path)%%REQ(x-envoy-original-path?:path)%"],
    ["%PATH(WQ:ORIG)%", "%REQ(x-envoy-original-path)%"],
    ["%QUERY_PARAM(a)%", "%QUERY_PARAM(a)|urldecode%"],
  ])("keeps operators that mean the same: %s", (theirs, ours) => {
    expect(response(append("x-a", theirs))).toEqual([{ add: { name: "x-a", value: ours } }]);
  });

  test.each([
    ["%CEL(request.path)%", '"%CEL(request.path)%" is no operator of ours'],
    ["%TRAILER(x)%", '"%TRAILER(x)%" is no operator of ours'],
    ["%constructor%", '"%constructor%" is no operator of Envoy\'s'],
    ["100% sure", '"% sure" is no operator of Envoy\'s'],
    ["%RESP(x)%", '"%RESP(x)%" is not known on a request'],
    ["%UPSTREAM_HOST%", '"%UPSTREAM_HOST%" is not known on a request'],
    ["%REQ(a b)%", '"%REQ(a b)%" has no such argument with us'],
    ["%REQ%", '"%REQ%" has no such argument with us'],
    ["%PROTOCOL(x)%", '"%PROTOCOL(x)%" has no such argument with us'],
    ["%PATH(NQ)%", '"%PATH(NQ)%" has no such argument with us'],
    ["%FILTER_STATE(key)%", '"%FILTER_STATE(key)%" has no such argument with us'],
    ["%QUERY_PARAM(a):5%", '"%QUERY_PARAM(a):5%" is cut behind its decoding, ours before'],
    ["%REQ(x)|lower%", '"%REQ(x)|lower%" is no operator of Envoy\'s'],
    ["a\nb", "expected a value without control characters"],
  ])("is refused where ours would be another: %s", (theirs, reason) => {
    expect(refusedRequest(append("x-a", theirs))).toEqual([
      `mutations.request_mutations[0].append.header.value: ${reason}`,
    ]);
  });

  test("is left out where it is empty, but for keep_empty_value", () => {
    const { rules, notes } = imported("header_mutation", requests(append("x-a", ""), append("x-b", "b")));
    expect(rules.rules[0]?.request).toEqual([{ add: { name: "x-b", value: "b" } }]);
    expect(notes).toEqual([expect.stringContaining("request_mutations[0].append.header: left out")]);
    expect(request(append("x-a", "", { keep_empty_value: true }))).toEqual([
      { add: { name: "x-a", value: "", keepEmptyValue: true } },
    ]);
  });

  test("may be bytes that are UTF-8", () => {
    const raw = (raw_value: string) => ({ append: { header: { key: "x-a", raw_value } } });
    expect(request(raw(Buffer.from("ü 100%").toString("base64")))).toEqual([
      { add: { name: "x-a", value: "ü 100%%" } },
    ]);
    expect(refusedRequest(raw("/w=="), raw("?"))).toEqual([
      "mutations.request_mutations[0].append.header.raw_value: bytes that are no UTF-8: a rules file is text",
      "mutations.request_mutations[1].append.header.raw_value: expected base64",
    ]);
  });

  test("of a response that reads the request comes with a note", () => {
    const { notes } = imported("header_mutation", { response_mutations: [append("x-a", "%REQ(x)%")] });
    expect(notes).toEqual([expect.stringMatching(/^%REQ\(\)% on a response/)]);
    expect(imported("header_mutation", { request_mutations: [append("x-a", "%REQ(x)%")] }).notes).toEqual([]);
  });
});
