import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { FilterwrightError } from "../../../src/errors.ts";
import { IMPORT_SOURCES, importRules, type ImportSource } from "../../../src/rules/import/import-rules.ts";
import { rulesYaml } from "../../../src/rules/import/write.ts";
import { EXAMPLES } from "./examples.ts";

type Step = string | number;

/** The paths of all values below a value, its own first. */
function pathsOf(value: unknown, at: Step[] = []): Step[][] {
  if (typeof value !== "object" || value === null) return [at];
  const members = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  return [at, ...members.flatMap(([key, member]) => pathsOf(member, [...at, key]))];
}

/** A copy with another value at a path; `undefined` takes the member away. */
function withValue(document: unknown, at: Step[], value: unknown): unknown {
  const [step, ...rest] = at;
  if (step === undefined) return value;
  const copy = structuredClone(document) as Record<Step, unknown>;
  copy[step] = withValue(copy[step], rest, value);
  return copy;
}

const odd = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<unknown>(
    "",
    " ",
    "%",
    "%REQ(",
    "$(",
    "$(a",
    ":",
    "a:b",
    "/",
    "^$",
    "^(a)$",
    "(",
    "\\",
    "é\u0000",
    "__proto__",
  ),
  fc.constantFrom<unknown>("host", ":path", "HTTPRoute", "WasmPlugin", "KongPlugin", "GET", "x-envoy-a", "*", "%%"),
  fc.constant({ toString: 1, valueOf: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

function mutated(from: ImportSource): fc.Arbitrary<unknown> {
  const paths = pathsOf(EXAMPLES[from]);
  return fc.array(fc.tuple(fc.constantFrom(...paths), odd), { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<unknown>((document, [path, value]) => {
      try {
        return withValue(document, path, value);
      } catch {
        return document; // An earlier change has taken away what this one is in.
      }
    }, EXAMPLES[from]),
  );
}

/** Reads a text both ways, and holds what comes of it. */
function check(from: ImportSource, text: string): void {
  for (const partial of [false, true]) {
    try {
      const { rules, leftOut } = importRules(text, from, { partial });
      expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
      const names = rules.rules.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      const comments = leftOut.map(({ path, reason }) => `${path}: ${reason}`);
      const yaml = rulesYaml(rules, comments);
      for (const version of ["1.1", "1.2"] as const) expect(parse(yaml, { version })).toEqual(rules);
      if (!partial) expect(leftOut).toEqual([]);
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      expect(error.code).toMatch(partial ? /^FW_IMPORT_INPUT$/ : /^FW_IMPORT(_INPUT)?$/);
    }
  }
}

describe.each(IMPORT_SOURCES)("whatever is read as %s", (from) => {
  test("an example of everything is read without a refusal", () => {
    const { rules } = importRules(JSON.stringify(EXAMPLES[from]), from);
    expect(rules.rules.length).toBeGreaterThan(0);
    check(from, JSON.stringify(EXAMPLES[from]));
  });

  test("a text is rules, or an error of ours", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.json()), (text) => check(from, text)),
      { numRuns: 200 },
    );
  });

  test("a document with something odd in it is rules, or an error of ours", () => {
    fc.assert(
      fc.property(mutated(from), (document) => check(from, JSON.stringify(document) ?? "")),
      { numRuns: 400 },
    );
  });

  test.each([
    ["a text that is no YAML", "a: [", /^expected YAML or JSON: 1:/],
    ["a key twice", "a: 1\na: 2", /^expected YAML or JSON: 2:1: Map keys must be unique/],
    [
      "more aliases than any needs",
      `a: &a [x]\n${"abcdefghi"
        .split("")
        .map((c, i) => `b${i}: &${c}${c} [${`*${i === 0 ? "a" : "abcdefghi"[i - 1]!.repeat(2)},`.repeat(9)}]`)
        .join("\n")}`,
      /^expected YAML or JSON: /,
    ],
    ["brackets beyond the stack", "[".repeat(20_000), /^expected YAML or JSON: /],
  ])("%s is an error of its own", (_, text, message) => {
    expect(() => importRules(text, from)).toThrow(expect.objectContaining({ code: "FW_IMPORT_INPUT" }) as Error);
    expect(() => importRules(text, from)).toThrow(message);
  });
});
