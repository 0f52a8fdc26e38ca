import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const rule = (operate: string, ...headers: object[]) => ({ operate, headers });
const refusedRequest = (...reqRules: object[]) => refused("higress", { reqRules });
const HOST = "^(.*)\\.com$";
const onHost = (value: string) => [{ headers: [{ name: "host", type: "RegularExpression", value }] }];

describe("a pattern", () => {
  const replace = (newValue: string, host_pattern: string) => rule("replace", { key: "a", newValue, host_pattern });
  const templates = (newValue: string, host_pattern: string) =>
    rulesOf("higress", { reqRules: [replace(newValue, host_pattern)] }).map(
      ({ request: operations }) => (operations as { set: { value: string } }[])[0]!.set.value,
    );

  test.each([
    ["$1x-$2", "^(a)(b)$", ["-%CAPTURE(2)%", "$1x-$2"]],
    ["${1}x-$name-$none", "^(?P<name>a)$", ["%CAPTURE(1)%x-%CAPTURE(name)%-", "${1}x-$name-$none"]],
    ["$$1-50%-$1", "^(a)$", ["$1-50%%-%CAPTURE(1)%", "$$1-50%%-$1"]],
    ["$2", "^(?:a)[(](\\()(b)$", ["%CAPTURE(2)%", "$2"]],
    ["plain", "^(a)$", ["plain"]],
  ])("puts what it has captured in its value: %s with %s", (value, pattern, expected) => {
    expect(templates(value, pattern)).toEqual(expected);
  });

  test("is the host's where there are both", () => {
    const both = { key: "a", newValue: "$1", host_pattern: HOST, path_pattern: "^(x)$" };
    const { rules, notes } = imported("higress", { reqRules: [rule("replace", both)] });
    expect(rules.rules[0]?.matches).toEqual(onHost(HOST));
    expect(notes).toEqual(["reqRules[0].headers[0].path_pattern: left out, host_pattern goes before it"]);
  });

  test.each(["(a)", "^(a)", "(a)$", "^a|b$", "(?m)^(a)$", "^(?m:(a)$)$", "^(a)\\$", "^(a)[$]", "^\\Q(\\E$"])(
    "that may find a part of the host is refused: %s",
    (pattern) => {
      expect(refusedRequest(replace("$1", pattern))).toEqual([
        expect.stringMatching(/^reqRules\[0\].headers\[0\].host_pattern: a pattern that is not \^\.\.\.\$/),
      ]);
    },
  );

  test("that needs backtracking is refused, and one behind a change of what it is held against", () => {
    expect(
      refusedRequest(
        replace("$1", "^(?=a)(a)$"),
        rule("replace", { key: ":authority", newValue: "a" }),
        replace("$1", "^(a)$"),
      ),
    ).toEqual([
      expect.stringMatching(/^reqRules\[0\].headers\[0\].host_pattern: a regular expression that looks ahead/),
      expect.stringMatching(/^reqRules\[2\].headers\[0\]: a pattern behind a write to :authority or :path/),
    ]);
  });
});
