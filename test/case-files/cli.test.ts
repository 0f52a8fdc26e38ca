// `filterwright test` on the command line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { projectRoot } from "../guest-module.ts";

const folder = mkdtempSync(join(tmpdir(), "filterwright-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
const wasm = join(projectRoot, "build/add-header.wasm");

function filterwright(...args: string[]) {
  const main = join(projectRoot, "src/cli/main.ts");
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, "test", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { stdout: stdout.replace(/in [\d.]+ s/, "in N s"), stderr, status };
}

writeFileSync(
  join(folder, "hello.yaml"),
  `filter: add-header
twins: { lua: hello.lua }
cases:
  - name: every response says hello
    expect: { response: { headers: ["hello: world!"] } }
  - name: it says so twice
    expect: { response: { headers: ["hello: world!", "hello: world!"] } }
  - name: another configuration is another matter
    config: {}
    expect: { response: { without: [hello] } }
`,
);
writeFileSync(
  join(folder, "hello.lua"),
  'function envoy_on_response(handle) handle:headers():add("hello", "world!") end',
);

test("each file and back end has its line, a failure says what was seen, a skip why", () => {
  expect(filterwright("hello.yaml", "--build", join(wasm, ".."), "--on", "host,lua")).toEqual({
    status: 1,
    stderr: "",
    stdout: `FAIL hello.yaml:6 on host: it says so twice
  response header hello: expected "world!", "world!", seen "world!"
hello.yaml on host: 2 passed, 1 failed
FAIL hello.yaml:6 on lua: it says so twice
  response header hello: expected "world!", "world!", seen "world!"
hello.yaml on lua: 1 passed, 1 failed, 1 skipped: the case has a configuration of its own, its twin has not

3 passed, 2 failed, 1 skipped in N s
`,
  });
});

test("cases can be chosen by their names, and printed for a program", () => {
  const { status, stdout } = filterwright(
    "hello.yaml",
    "--build",
    join(wasm, ".."),
    "--on",
    "host",
    "--only",
    "says hello$",
    "--json",
  );
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    [
      {
        file: "hello.yaml",
        line: 4,
        case: "every response says hello",
        backend: "host",
        result: { outcome: "passed" },
      },
    ],
  ]);
});

test("a module that is not built is named, in each case that needs it", () => {
  const { status, stdout } = filterwright("hello.yaml", "--on", "host", "--only", "twice");
  expect([status, stdout]).toEqual([
    1,
    `FAIL hello.yaml:6 on host: it says so twice
  error FW_ENVOY_MODULE_MISSING: the case file names build/add-header.wasm, which is not there
  Build the module first: filterwright build
hello.yaml on host: 0 passed, 1 failed

0 passed, 1 failed, 0 skipped in N s
`,
  ]);
});

test.for([
  [
    ["--on", "nginx"],
    2,
    "error FW_USAGE: expected back ends of host, wasm, aot, lua, native after --on, found nginx\n",
  ],
  [["--only", "("], 2, "error FW_USAGE: expected a regular expression after --only: "],
  [["none.yaml"], 1, "error FW_CONFIG_FILE: cannot read none.yaml: "],
  [["--only", "no case is called so", "hello.yaml"], 1, ""],
] as const)("%s ends with its status and a reason", ([args, status, message]) => {
  const result = filterwright(...args);
  expect(result).toMatchObject({ status, stderr: expect.stringContaining(message) });
});
