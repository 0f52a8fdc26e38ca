import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { RulesDocument } from "../../../src/rules/import/document.ts";
import { rulesYaml } from "../../../src/rules/import/write.ts";

const setting = (value: string): RulesDocument => ({
  version: "v1",
  rules: [{ name: "a", request: [{ set: { name: "x-a", value } }] }],
});

test("a rules file is plain where YAML leaves no doubt, and quoted where it does", () => {
  const { rules } = setting("100%");
  expect(
    rulesYaml({ version: "v1", strategy: "firstMatch", guard: { allowRouting: true }, rules }, ["left out: a"]),
  ).toBe(
    `# left out: a

version: v1
strategy: firstMatch
guard:
  allowRouting: true
rules:
  - name: a
    request:
      - set:
          name: x-a
          value: "100%"
`,
  );
});

test("a long value stays on its line", () => {
  const value = "a word and ".repeat(30);
  expect(rulesYaml(setting(value))).toContain(`value: "${value}"\n`);
});

test("any value reads back as it was, in YAML 1.1 and 1.2", () => {
  const special = [
    "on",
    "No",
    "~",
    "null",
    "1",
    "1e3",
    "0o7",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "",
    " a",
    "a: b",
    "a #b",
    "*a",
  ];
  const text = fc.oneof(fc.constantFrom(...special), fc.string(), fc.string({ unit: "binary" }));
  fc.assert(
    fc.property(text, (value) => {
      for (const version of ["1.1", "1.2"] as const)
        expect(parse(rulesYaml(setting(value)), { version })).toEqual(setting(value));
    }),
    { numRuns: 500 },
  );
});

test("a comment stays one, whatever the input had in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (comment) => {
      const yaml = rulesYaml(setting("a"), [comment, `${comment}\nrules: []\r\u0085\u2028x`]);
      for (const version of ["1.1", "1.2"] as const) expect(parse(yaml, { version })).toEqual(setting("a"));
    }),
    { numRuns: 500 },
  );
});
