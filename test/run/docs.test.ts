import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../guest-module.ts";
import { startFilterwright } from "./running.ts";

const page = readFileSync(join(projectRoot, "docs/run.md"), "utf8");
const [, command, output] = /^```console\n\$ filterwright run (.*)\n([^]*?)^```$/m.exec(page)!;
const [, curls] = /^```sh\n([^]*?)^```$/m.exec(page)!;

test("docs/run.md shows what comes of its commands", async () => {
  const running = await startFilterwright(words(command!));
  for (const line of curls!.trim().split("\n")) {
    const body = / -d '([^']*)'/.exec(line)?.[1];
    const [, name, value] = / -H '([^:]*): ([^']*)'/.exec(line)!;
    const path = /127\.0\.0\.1:10000(\S+)/.exec(line)![1]!;
    await running.send({
      method: body === undefined ? "GET" : "POST",
      path,
      headers: [[name!, value!]],
      body: body ?? "",
    });
  }
  const shown = output!.replaceAll(/\d+ ms$/gm, "N ms").replace("10000", "PORT");
  await expect.poll(() => running.text()).toBe(shown);
});

function words(line: string): string[] {
  return Array.from(line.matchAll(/'([^']*)'|\S+/g), ([word, quoted]) => quoted ?? word);
}
