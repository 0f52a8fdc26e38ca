import { BACKENDS, type BackendName } from "../cases/case-file.ts";
import { failureText } from "../cases/failure.ts";
import { type CaseReport, runFiles } from "../cases/run-files.ts";
import { FilterwrightError } from "../errors.ts";
import { defineVerb } from "./command.ts";

export default defineVerb(
  {
    meta: { name: "test", description: "Run case files on the TypeScript host and on real Envoys" },
    args: {
      files: {
        type: "positional",
        required: false,
        description: "Case files, or folders with some; default: test/cases",
      },
      on: { type: "string", description: "Back ends, of those that a file names; default: all", valueHint: "LIST" },
      only: { type: "string", description: "Run cases whose names match this regular expression", valueHint: "REGEX" },
      "envoy-version": { type: "string", description: "Run on this Envoy, such as 1.36.2", valueHint: "VERSION" },
      build: { type: "string", default: "build", description: "Folder of the built filters", valueHint: "DIR" },
      json: { type: "boolean", default: false, description: "Print one JSON array instead of lines" },
    },
    async run({ args }) {
      const version = args["envoy-version"];
      const start = performance.now();
      const reports: CaseReport[] = [];
      const printer = args.json ? undefined : new Printer();
      const running = runFiles(args._.length > 0 ? args._ : ["test/cases"], {
        ...(args.on !== undefined && { on: backendNames(args.on) }),
        ...(args.only !== undefined && { only: regex(args.only) }),
        ...(version !== undefined && { envoyVersion: version }),
        buildDir: args.build,
      });
      for await (const report of running) {
        reports.push(report);
        printer?.add(report);
      }
      if (reports.length === 0) {
        console.error("no case ran: --on leaves no back end that the files name, or --only no case of theirs");
      }
      if (args.json) console.log(JSON.stringify(reports, null, 2));
      else printer!.end(performance.now() - start);
      const isGood = reports.length > 0 && reports.every(({ result }) => result.outcome !== "failed");
      return isGood ? 0 : 1;
    },
  },
  [
    "filterwright test                                  every file in test/cases, wherever it runs",
    "filterwright test cases/auth.yaml --on host        without Envoy",
    "filterwright test --on wasm --envoy-version 1.36.2 on an older Envoy",
  ],
);

function backendNames(list: string): BackendName[] {
  return list.split(",").map((name) => {
    const known = BACKENDS.find((backend) => backend === name);
    if (known) return known;
    throw new FilterwrightError("FW_USAGE", `expected back ends of ${BACKENDS.join(", ")} after --on, found ${name}`);
  });
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new FilterwrightError("FW_USAGE", `expected a regular expression after --only: ${(cause as Error).message}`);
  }
}

/** Prints a line for each file and back end, when it is through, and each failure at once. */
class Printer {
  private readonly total = { passed: 0, failed: 0, skipped: 0 };
  private group: { title: string; passed: number; failed: number; skips: Map<string, number> } | undefined;

  add(report: CaseReport): void {
    const { file, backend, result } = report;
    const title = `${file} on ${backend}`;
    if (this.group?.title !== title) {
      this.endGroup();
      this.group = { title, passed: 0, failed: 0, skips: new Map() };
    }
    const { group } = this;
    this.total[result.outcome]++;
    if (result.outcome === "passed") group!.passed++;
    else if (result.outcome === "skipped") group!.skips.set(result.reason, (group!.skips.get(result.reason) ?? 0) + 1);
    else {
      group!.failed++;
      console.log(`FAIL ${failureText(report)}`);
    }
  }

  end(milliseconds: number): void {
    this.endGroup();
    const { passed, failed, skipped } = this.total;
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped in ${(milliseconds / 1000).toFixed(1)} s`);
  }

  private endGroup(): void {
    if (!this.group) return;
    const { title, passed, failed, skips } = this.group;
    const skipped = [...skips].map(([reason, count]) => `, ${count} skipped: ${reason}`).join("");
    console.log(`${title}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ""}${skipped}`);
  }
}
