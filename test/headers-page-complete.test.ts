// docs/headers.md and docs/recipes.md: whether they have all of the rules language, and whether all that they show is good.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { send } from "../src/cases/send.ts";
import { withFilters } from "../src/envoy/bootstrap.ts";
import { startEnvoy } from "../src/envoy/start.ts";
import type { TypedConfig } from "../src/envoy/swap.ts";
import { checkConfiguration } from "../src/rules/check-module.ts";
import { demoBootstrap } from "./demo-bootstrap.ts";
import { projectRoot } from "./guest-module.ts";
import { type Block, blocksOf, examplesOf, rulesOf } from "./page-examples.ts";
import { temporaryFolder } from "./temp.ts";

const REFERENCE = "docs/headers.md";
const PAGES = [REFERENCE, "docs/recipes.md"];

const read = (page: string) => readFileSync(join(projectRoot, page), "utf8");
const yamlOf = (page: string) => blocksOf(read(page)).filter(({ info }) => info === "yaml");
const examples = examplesOf(read(REFERENCE));
const schema = JSON.parse(read("schemas/headers.schema.json")) as Schema;

interface Schema {
  properties?: Record<string, Schema>;
  enum?: string[];
  $defs?: Record<string, Schema>;
}

/** Rules that a page shows in the console: what is wrong with them stands there. */
const inConsole = (page: string, { text }: Block) => read(page).includes(`check ${nameOf(text)}\n`);
const nameOf = (text: string) => /^# (\S+\.yaml)\n/.exec(text)?.[1];

describe.each([...PAGES, "docs/migrating-rules.md"])("%s", (page) => {
  const fits = new Ajv2020({ strict: false }).compile(schema);
  const blocks = yamlOf(page).flatMap((block) => {
    const rules = rulesOf(block.text);
    return rules && !inConsole(page, block) ? [{ line: block.line, rules }] : [];
  });

  test.each(blocks)("the filter and the schema take the rules at line $line", ({ rules }) => {
    expect(checkConfiguration(JSON.stringify(rules)).problems).toEqual([]);
    fits(rules);
    expect(fits.errors ?? []).toEqual([]);
  });
});

describe("docs/migrating-rules.md: the filter takes", () => {
  const tables = read("docs/migrating-rules.md").matchAll(/^\| theirs +\| ours +\|\n.*\n((?:\|.*\n)+)/gm);
  const cells = [...tables].flatMap(([, rows]) =>
    rows!.split("\n").map((row) => row.replaceAll("\\|", "\0").split("|")[2] ?? ""),
  );
  const codes = cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll("\0", "|")),
  );
  const ours = codes.filter((code) => /[%:]/.test(code));

  /** Requests and responses: some operations and operators are of one side only. */
  function documentsWith(code: string): object[] {
    const around = { guard: { allowRouting: true } };
    const matches = [{ path: { type: "RegularExpression", value: "(?P<segment>.*)" } }];
    const value: unknown =
      code.includes("%") && !code.includes(": ") ? { set: { name: "x-a", value: code } } : parse(code);
    const keys = Object.keys(value as object);
    if (keys.some((key) => key in schema.properties!)) return [{ ...around, ...(value as object) }];
    if (keys.some((key) => key in schema.$defs!["rule"]!.properties!)) return [{ ...around, rules: [value] }];
    return ["request", "response"].map((side) => ({ ...around, rules: [{ matches, [side]: [value] }] }));
  }

  test.each(ours)("%s", (code) => {
    const problems = documentsWith(code).map((document) => checkConfiguration(JSON.stringify(document)).problems);
    expect(problems.toSorted((one, other) => one.length - other.length)[0]).toEqual([]);
  });
});

test("what docs/headers.md shows in the console is what comes", () => {
  const folder = temporaryFolder();
  for (const { text } of yamlOf(REFERENCE)) if (nameOf(text)) writeFileSync(join(folder, nameOf(text)!), text);
  const shown = blocksOf(read(REFERENCE)).filter(({ info }) => info === "console");
  const seen = shown.map(({ text }) => {
    const command = /^\$ filterwright (.*)\n/.exec(text)![1]!;
    const args = [join(projectRoot, "src/cli/main.ts"), ...command.split(" ")];
    return `$ filterwright ${command}\n${spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout}`;
  });
  expect(seen).toEqual(shown.map(({ text }) => text));
});

describe("docs/headers.md has, in code,", () => {
  /** Words in code: in backticks, and in rules. */
  const code = [...read(REFERENCE).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
  const words = new Set([...code, ...yamlOf(REFERENCE).map(({ text }) => text)].join(" ").match(/[\w-]+/g));
  const missing = (names: Iterable<string>) => [...names].filter((name) => !words.has(name));

  test("every key and every choice of the schema", () => {
    const names = new Set<string>();
    const collect = (value: unknown) => {
      if (typeof value !== "object" || value === null) return;
      const { properties, enum: choices } = value as Schema;
      for (const name of Object.keys(typeof properties === "object" ? properties : {})) names.add(name);
      for (const choice of Array.isArray(choices) ? choices : []) names.add(choice);
      for (const item of Object.values(value)) collect(item);
    };
    collect(schema);
    expect(names.size).toBeGreaterThan(100);
    expect(missing(names)).toEqual([]);
  });

  test("every operator", () => {
    const [, list] = /const OPERATORS = `\n([^`]*)`/.exec(read("assembly/filters/headers/values/operators.ts"))!;
    const operators = list!
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("=")[0]!);
    expect(operators.length).toBeGreaterThan(30);
    expect(missing(operators)).toEqual([]);
  });

  test("every header of the recommended ones, and every one that may not be written", () => {
    const listIn = (name: string, file: string) =>
      new RegExp(`const ${name} =\\s+"([^"]+)"`).exec(read(`assembly/filters/headers/${file}`))![1]!.split(", ");
    const names = [...listIn("NAMES", "read/security-headers.ts"), ...listIn("FRAMING", "names.ts")];
    const shown = new Set([...words, ...examples.flatMap(({ exchanges }) => exchanges.flatMap(namesShown))]);
    expect(names.length).toBe(15);
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
  });
});

const namesShown = ({ response }: (typeof examples)[number]["exchanges"][number]) =>
  [...response.before, ...response.after].map(([name]) => name);

describe("examples of docs/headers.md that show what comes of them have", () => {
  const keys = new Set<string>();
  const collect = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (!Array.isArray(value)) for (const key of Object.keys(value)) keys.add(key);
    for (const item of Object.values(value)) collect(item);
  };
  for (const { rules } of examples) collect(rules);
  const text = examples.map((example) => example.text).join("\n");

  test("every key", () => {
    const { request, response } = operationsOf(schema);
    const document = Object.keys(schema.properties!).filter((key) => !NOT_SHOWN.has(key));
    const others = [schema.$defs!["rule"]!, schema.$defs!["match"]!].flatMap(({ properties }) =>
      Object.keys(properties!),
    );
    expect([...request, ...response, ...document, ...others].filter((key) => !keys.has(key))).toEqual([]);
  });

  test("every operator, and every pipe", () => {
    const [, list] = /const OPERATORS = `\n([^`]*)`/.exec(read("assembly/filters/headers/values/operators.ts"))!;
    const operators = list!
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("=")[0]!);
    expect(operators.filter((name) => !new RegExp(`%${name}[(%:|]`).test(text))).toEqual([]);
    const source = read("assembly/filters/headers/values/make-pipe.ts");
    const [, names] = /const NAMES =\s+"([^"]+)"/.exec(source)!;
    const withArguments = [...source.matchAll(/name == "(\w+)"/g)].map(([, name]) => name!);
    const pipes = [...names!.split(", "), ...withArguments];
    expect(pipes.length).toBe(12);
    expect(pipes.filter((name) => !new RegExp(`\\|${name}[(%:|]`).test(text))).toEqual([]);
  });
});

/** Of what these do, no message shows anything. */
const NOT_SHOWN = new Set(["onInvalid"]);

function operationsOf({ $defs }: Schema): Record<"request" | "response", string[]> {
  const keysOf = (name: string) => {
    const [list] = ($defs![name] as { oneOf: [{ items: Schema }] }).oneOf;
    return Object.keys(list.items.properties!);
  };
  return { request: keysOf("requestOperations"), response: keysOf("responseOperations") };
}

test("docs/recipes.md has at least fifteen recipes, each with an example", () => {
  const recipes = [...read("docs/recipes.md").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading!);
  expect(recipes.length).toBeGreaterThanOrEqual(15);
  const shown = new Set(examplesOf(read("docs/recipes.md")).map(({ heading }) => heading));
  expect(recipes.filter((recipe) => !shown.has(recipe))).toEqual([]);
});

test.each(PAGES)("what %s links to is there", (page) => {
  const links = [...read(page).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!.split("#") as [string, string?]);
  const missing = links.filter(([target, anchor]) => {
    if (target.startsWith("https:")) return false;
    const file = target === "" ? page : join(page, "..", target);
    return !existsSync(join(projectRoot, file)) || (anchor !== undefined && !anchorsOf(read(file)).has(anchor));
  });
  expect(missing).toEqual([]);
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return new Set(headings.map((heading) => heading.replace(/[^\w\- ]/g, "").replaceAll(" ", "-")));
}

test("the Envoy block of docs/headers.md runs on a real Envoy, as it stands", async () => {
  const text = yamlOf(REFERENCE).find((block) => block.text.includes("typed_config"))!.text;
  const [filter] = parse(text) as [{ name: string; typed_config: TypedConfig }];
  const bootstrap = withFilters(demoBootstrap(), [filter]);
  const envoy = await startEnvoy({ bootstrap, concurrency: 1, cwd: projectRoot });
  try {
    const request = { method: "GET", path: "/", authority: "a", headers: [], body: "" };
    const { status, headers } = await send({ host: "127.0.0.1", port: envoy.port }, request);
    // Nobody listens at the upstream's port: Envoy's router answers.
    expect([status, headers.find(([name]) => name === "x-region")]).toEqual([503, ["x-region", "eu"]]);
  } finally {
    await envoy.stop();
  }
});
