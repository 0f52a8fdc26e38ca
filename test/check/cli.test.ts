import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/build/compile.ts";
import { projectRoot } from "../guest-module.ts";
import { sound } from "./wat.ts";

const OUT = "build/test/check/cli";
const page = readFileSync(join(projectRoot, "docs/check.md"), "utf8");

function check(...args: string[]) {
  const command = [join(projectRoot, "src/cli/main.ts"), "check", ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: projectRoot, encoding: "utf8" });
  return { stdout, stderr, status };
}

beforeAll(async () => {
  mkdirSync(join(projectRoot, OUT), { recursive: true });
  const write = (name: string, contents: string | Uint8Array) => writeFileSync(join(projectRoot, OUT, name), contents);
  write("sound.wasm", sound());
  write("bad.wasm", sound("", { malloc: "" }));
  write("config.json", '{"request": {"x-a": 5}}');
  write("rules.yaml", /^```yaml\n([^]*?)^```$/m.exec(page)![1]!);
  write("flip.ts", /^```ts\n([^]*?)^```$/m.exec(page)![1]!);
  write("asconfig.json", '{"targets": {"release": {}}}');
  const config = join(projectRoot, OUT, "asconfig.json");
  const options = { root: projectRoot, entry: `${OUT}/flip.ts`, outFile: "flip.wasm", config, transforms: false };
  const { outputs } = await compile({ ...options, target: "release" });
  write("flip.wasm", outputs.get("flip.wasm")!);
});

describe("docs/check.md", () => {
  /** Each change of the runtime moves the sizes a little. */
  const withoutSizes = (text: string) => text.replace(/^ +[\d,]+ bytes: .*$/m, "  SIZES");
  const examples = [...page.matchAll(/^```console\n\$ filterwright check (.*)\n([^]*?)^```$/gm)];

  test.for(examples.map(([, command, output]) => [command!, output!] as const))(
    "shows what comes of %s",
    ([command, output]) => {
      const args = Array.from(command.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word);
      const { stdout, stderr } = check(
        ...args.map((word) => word.replace(/^build\/(flip.wasm|rules.yaml)$/, `${OUT}/$1`)),
      );
      expect(stderr).toBe("");
      expect(withoutSizes(stdout.replaceAll(`${OUT}/`, "build/"))).toBe(withoutSizes(output));
    },
  );

  test("has a row for every kind of finding", () => {
    const source = ["src/host/inspect.ts", "src/check/finding.ts"].map((file) =>
      readFileSync(join(projectRoot, file), "utf8"),
    );
    const kinds = source.flatMap((text) =>
      Array.from(text.matchAll(/^(?:    \||export type \w+Kind =)(.*)$/gm), ([, union]) => union!),
    );
    const expected = kinds.flatMap((union) => Array.from(union.matchAll(/"([\w-]+)"/g), ([, kind]) => kind!));
    const rows = Array.from(page.matchAll(/^\| `([\w-]+)`/gm), ([, kind]) => kind!);
    expect(rows.toSorted()).toEqual(expected.toSorted());
    expect(rows.length).toBe(16);
  });
});

test("the exit status is that of the worst module", () => {
  expect(check(`${OUT}/sound.wasm`).status).toBe(0);
  expect(check(`${OUT}/sound.wasm`, `${OUT}/bad.wasm`)).toMatchObject({
    stderr: "",
    stdout: expect.stringMatching(/^\S+sound.wasm: fine; ABI 0\.2\.1\n(.+\n)*\n\S+bad.wasm: 1 error; ABI 0\.2\.1\n/),
    status: 1,
  });
});

test("a configuration is a text, or @ and a file", () => {
  const at = ["config", "vm-config"].map((option) =>
    check("build/add-header.wasm", `--${option}`, `@${OUT}/config.json`),
  );
  expect(at.map(({ status }) => status)).toEqual([1, 0]);
  expect(at[0]!.stdout).toContain(
    "configuration refused at request.x-a (offset 20): expected a string, found a number",
  );
  expect(check("build/add-header.wasm", "--root-id", "add-header", "--config", "{}")).toMatchObject({
    stdout: expect.stringContaining('root_id "add-header", the configuration given: accepted'),
    status: 0,
  });
});

test("what cannot be read is told with exit status 2", () => {
  const missing = "ENOENT: no such file or directory, open 'nothing.wasm'";
  expect(check("nothing.wasm")).toEqual({
    stdout: "",
    stderr: `error FW_USAGE: expected a file that can be read, found nothing.wasm: ${missing}\n`,
    status: 2,
  });
  expect(check("nothing")).toMatchObject({
    stderr: expect.stringMatching(/found build\/nothing\.wasm: ENOENT.*\n.*filterwright build/),
    status: 2,
  });
  expect(check(`${OUT}/sound.wasm`, "--config", "@nothing.json").status).toBe(2);
  expect(check().status).toBe(2);
});

test("a built filter is known by its name", () => {
  expect(check("add-header").stdout).toBe(check("build/add-header.wasm").stdout);
});

test("--json prints one array, with all that there is to say", () => {
  const { stdout, status } = check(`${OUT}/sound.wasm`, "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    {
      file: `${OUT}/sound.wasm`,
      isFine: true,
      abi: "0.2.1",
      findings: [],
      trial: { rootId: "", configuration: "empty", outcome: "accepted", reason: "", log: [] },
      wasi: [],
      size: { total: sound().length, code: 13, data: 0, custom: [], hasNames: false, memory: { initial: 1 } },
      capabilities: [],
    },
  ]);
});

test("--help explains it, with examples", () => {
  expect(check("--help")).toMatchInlineSnapshot(`
    {
      "status": 0,
      "stderr": "",
      "stdout": "Say what is wrong with a rules file, or what Envoy would have against a Wasm module (filterwright check v0.1.0)

    USAGE filterwright check [OPTIONS] <FILE>

    ARGUMENTS

      FILE    Rules files (.yaml, .json), and modules, of any language; NAME for build/NAME.wasm (Required)

    OPTIONS

         --config=<TEXT|@FILE>    The plugin's configuration, or @ and the name of a file that has it
      --vm-config=<TEXT|@FILE>    The VM's configuration, likewise
                --root-id=<ID>    root_id of Envoy's configuration (Default: empty)
                        --json    Print one JSON array instead of text (Default: false)

    EXAMPLES

      filterwright check rules.yaml
      filterwright check add-header                        build/add-header.wasm
      filterwright check filter.wasm --root-id demo --config @demo.json
      filterwright check filter.wasm --config '{"header": "x-a"}'
      filterwright check --json build/*.wasm

    ",
    }
  `);
});
