import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorCodes } from "../src/errors.ts";
import { projectRoot } from "./guest-module.ts";

function filterwright(...args: string[]) {
  const main = join(projectRoot, "src/cli/main.ts");
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

describe("the command line", () => {
  test("lists its verbs", () => {
    expect(filterwright("--help")).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "Write, test, compare and ship Envoy HTTP filters in AssemblyScript (filterwright v0.1.0)

      USAGE filterwright build|run|test|check|render|import|aot

      COMMANDS

         build    Compile filters to Wasm modules with source maps
           run    Run rules, or a module, in front of an upstream, and say what each request becomes
          test    Run case files on the TypeScript host and on real Envoys
         check    Say what is wrong with a rules file, or what Envoy would have against a Wasm module
        render    Write the Envoy filter that does what a rules file says
        import    Write rules for the headers filter from another system's configuration
           aot    Compile a module ahead of time into a dynamic module of Envoy

      Use filterwright <command> --help for more information about a command.
      ",
      }
    `);
  });

  test("explains a verb, with examples", () => {
    expect(filterwright("build", "--help")).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "Compile filters to Wasm modules with source maps (filterwright build v0.1.0)

      USAGE filterwright build [OPTIONS] [FILTER]

      ARGUMENTS

        FILTER    Names of filters in assembly/filters, or entry files; default: all filters

      OPTIONS

            --out=<DIR>    Folder for the modules (Default: build)
        --target=<NAME>    Target of asconfig.json (Default: release)
                --force    Build what did not change, too (Default: false)
                 --json    Print one JSON array instead of lines (Default: false)

      EXAMPLES

        filterwright build                       every filter of assembly/filters
        filterwright build add-header            that one alone
        filterwright build assembly/index.ts     an entry file from anywhere

      ",
      }
    `);
  });

  test("tells its version", () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string };
    expect(filterwright("--version")).toEqual({ stdout: `${version}\n`, stderr: "", status: 0 });
  });

  test("ends with 2 where it is not understood, and with 1 where something failed", () => {
    expect(filterwright("biuld")).toEqual({
      stdout: "",
      stderr:
        "error FW_USAGE: expected one of build, run, test, check, render, import, aot, found biuld\nfilterwright --help lists them.\n",
      status: 2,
    });
    expect(filterwright("build", "--frce").stderr).toContain(
      "expected one of --out, --target, --force, --json, found --frce",
    );
    expect(filterwright("build", "--out=")).toMatchObject({
      stderr: expect.stringContaining("expected a folder after --out"),
      status: 2,
    });
    expect(filterwright().status).toBe(2);
    expect(filterwright("build", "nothing")).toMatchObject({ stdout: "", status: 1 });
  });

  test("prints JSON for programs", () => {
    const { stdout, status } = filterwright("build", "--json", "add-header", "remove-header");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "add-header", file: "build/add-header.wasm" },
      { name: "remove-header" },
    ]);
  });
});

test("every error code has its section in docs/errors.md, and no other has", () => {
  const page = readFileSync(join(projectRoot, "docs/errors.md"), "utf8");
  const sections = [...page.matchAll(/^## (FW_\w+)\n\n(.+)/gm)].map(([, code, text]) => [code, text]);
  expect(sections.map(([code]) => code)).toEqual(Object.keys(errorCodes));
  for (const [code, text = ""] of sections) {
    const meaning = errorCodes[code as keyof typeof errorCodes].toLowerCase();
    expect(text.replaceAll("`", "").toLowerCase()).toContain(meaning);
  }
});
