import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../guest-module.ts";
import { temporaryFolder } from "../../temp.ts";

const CONFIG = "mutations: {request_mutations: [remove: x-a, append: {header: {key: x-envoy-a, value: '1'}}]}";
const PARTLY = "mutations: {request_mutations: [remove: host, remove: x-a], response_trailers_mutations: [remove: x]}";

/** Runs `filterwright import` on a text as stdin. */
function run(text: string | Uint8Array, ...args: string[]) {
  const main = join(projectRoot, "src/cli/main.ts");
  const options = { cwd: projectRoot, encoding: "utf8", input: text } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, "import", ...args], options);
  return { stdout, stderr, status };
}

describe("filterwright import", () => {
  test("writes rules to stdout and notes to stderr", () => {
    expect(run(CONFIG, "--from", "header_mutation", "-")).toEqual({
      stdout: `version: v1
guard:
  allowEnvoy: true
rules:
  - name: header-mutation-request
    request:
      - remove: x-a
      - add:
          name: x-envoy-a
          value: "1"
`,
      stderr: "note: guard.allowEnvoy is set, for x-envoy-a is written: Envoy acts on it\n",
      status: 0,
    });
  });

  test("reads a file and writes one, as JSON where that is wished for", () => {
    const folder = temporaryFolder();
    const [from, to] = [join(folder, "in.yaml"), join(folder, "rules.json")];
    writeFileSync(from, CONFIG);
    expect(run("", "--from", "header_mutation", "--json", "-o", to, from)).toMatchObject({ stdout: "", status: 0 });
    expect(JSON.parse(readFileSync(to, "utf8"))).toMatchObject({ version: "v1", guard: { allowEnvoy: true } });
  });

  test("ends with 1 and lists every place that rules cannot say; nothing is written", () => {
    const file = join(temporaryFolder(), "rules.yaml");
    const { stdout, stderr, status } = run(PARTLY, "--from", "header_mutation", "-o", file, "-");
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toBe(
      `error FW_IMPORT: expected what rules can say exactly, found 2 places where they cannot
  mutations.response_trailers_mutations: rules write no trailers
  mutations.request_mutations[0].remove: rules never remove host: Envoy finds no route without it
Write those another way, or leave them out with --partial (in a program: {partial: true}).
`,
    );
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  test("leaves those out with --partial, and says so on stderr and at the file's head", () => {
    const places = [
      "left out: mutations.response_trailers_mutations: rules write no trailers",
      "left out: mutations.request_mutations[0].remove: rules never remove host: Envoy finds no route without it",
    ];
    expect(run(PARTLY, "--from", "header_mutation", "--partial", "-")).toEqual({
      stdout: `${places.map((line) => `# ${line}\n`).join("")}
version: v1
rules:
  - name: header-mutation-request
    request:
      - remove: x-a
`,
      stderr: `${places.join("\n")}\n`,
      status: 0,
    });
  });

  test("ends with 2 where it is not understood, and with 1 where the input is not", () => {
    expect(run("", "--from", "nginx", "-")).toMatchObject({
      stderr: expect.stringContaining(
        "expected one of header_mutation, gateway-api, kong, higress after --from, found nginx",
      ),
      status: 2,
    });
    expect(run("", "-").status).toBe(2);
    expect(run("", "--from", "kong", "a", "b")).toMatchObject({
      stderr: expect.stringContaining("expected one configuration, found b behind it"),
      status: 2,
    });
    expect(run("", "--from", "kong", "none.yaml")).toMatchObject({ status: 2 });
    expect(run(CONFIG, "--from", "header_mutation", "-o", "/none/rules.yaml", "-")).toMatchObject({
      stderr: expect.stringContaining("expected a file that can be written after --out, found /none/rules.yaml"),
      status: 2,
    });
    expect(run("a: [", "--from", "kong", "-")).toMatchObject({
      stderr: expect.stringContaining("error FW_IMPORT_INPUT: expected YAML or JSON: 1:"),
      status: 1,
    });
    expect(run(Uint8Array.of(0x61, 0xff), "--from", "kong", "-")).toMatchObject({
      stderr: expect.stringContaining("it is no UTF-8"),
      status: 1,
    });
  });
});
