import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { projectRoot } from "../guest-module.ts";

test("an editor that reads assembly/tsconfig.json finds no mistake in our AssemblyScript", () => {
  const { stdout } = spawnSync(
    "tsc",
    ["--noEmit", "--listFiles", "--pretty", "false", "-p", "assembly/tsconfig.json"],
    {
      cwd: projectRoot,
      encoding: "utf8",
    },
  );
  // Sources of packages that it opens on the way have some.
  expect(stdout).toContain(`${projectRoot}/assembly/filters/add-header.ts\n`);
  expect(stdout.split("\n").filter((line) => line.startsWith("assembly/"))).toEqual([]);
  expect(stdout).not.toContain("Cannot find module");
});
