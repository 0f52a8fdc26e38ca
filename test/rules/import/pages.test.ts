// The pages about rules of other systems: their commands are run, their rules are read.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../guest-module.ts";
import { temporaryFolder } from "../../temp.ts";

const PAGES = ["docs/import.md", "docs/migrating-rules.md"];

const read = (page: string) => readFileSync(join(projectRoot, page), "utf8");

/** The fenced blocks of a language. */
function blocks(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

describe("docs/import.md", () => {
  const files = blocks("docs/import.md", "yaml").map((text) => ({ file: /^# (\S+)\n/.exec(text)![1]!, text }));
  const commands = blocks("docs/import.md", "console").map((text) => {
    const [, command, output] = /^\$ filterwright (.*)\n([^]*)$/.exec(text)!;
    return [command!, output!] as const;
  });

  test.each(commands)("shows what comes of: filterwright %s", (command, output) => {
    const folder = temporaryFolder();
    for (const { file, text } of files) writeFileSync(join(folder, file), text);
    const main = join(projectRoot, "src/cli/main.ts");
    const run = spawnSync(process.execPath, [main, ...command.split(" ")], { cwd: folder, encoding: "utf8" });
    expect(run.stderr + run.stdout).toBe(output);
  });
});

test.each(PAGES)("what %s links to is there", (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)#:]+)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => !existsSync(join(projectRoot, page, "..", target)))).toEqual([]);
});

describe("docs/migrating-rules.md", () => {
  const OPERATIONS =
    "set add addIfAbsent setIfPresent append remove retain rename copy replace dedupe split join query cookie setCookie setProperty";
  const RULE = "name matches percent mode request response stop";
  const DOCUMENT = "version strategy mode failurePolicy onInvalid guard limits securityHeaders rules";
  const KNOWN = new Set(`${OPERATIONS} ${RULE} ${DOCUMENT}`.split(" "));

  /** What stands in code in the second column of the tables that have one of ours. */
  const ours = [...read("docs/migrating-rules.md").matchAll(/^\| theirs +\| ours +\|\n.*\n((?:\|.*\n)+)/gm)].flatMap(
    ([, rows]) =>
      rows!.split("\n").flatMap((row) => {
        const cell = row.replaceAll("\\|", "\u0000").split("|")[2] ?? "";
        return [...cell.replaceAll("\u0000", "|").matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
      }),
  );

  test.each(ours)("what it writes of ours is YAML with keys of ours, or a value: %s", (code) => {
    if (/^([a-z-]*%[A-Z_]+(\(.*\))?(\|\w+)?%|matches|request|response)$/.test(code)) return;
    const value: unknown = parse(code);
    expect(value).toBeTypeOf("object");
    expect(Object.keys(value as object).filter((key) => !KNOWN.has(key))).toEqual([]);
  });

  test("it has a table for each system", () => {
    expect(ours.length).toBeGreaterThan(150);
  });
});
