import { readFileSync, writeFileSync } from "node:fs";
import { FilterwrightError } from "../errors.ts";
import { checkConfiguration } from "../rules/check-module.ts";
import { IMPORT_SOURCES, importRules, type ImportSource, leftOutText } from "../rules/import/import-rules.ts";
import { rulesYaml } from "../rules/import/write.ts";
import { defineVerb } from "./command.ts";
import { readInput } from "./text-or-file.ts";

export default defineVerb(
  {
    meta: { name: "import", description: "Write rules for the headers filter from another system's configuration" },
    args: {
      file: { type: "positional", required: true, description: "The configuration, YAML or JSON; - for stdin" },
      from: { type: "string", required: true, description: "Whose it is", valueHint: IMPORT_SOURCES.join("|") },
      out: { type: "string", alias: "o", description: "Where the rules go (Default: stdout)", valueHint: "FILE" },
      partial: { type: "boolean", default: false, description: "Leave out what rules cannot say exactly" },
      json: { type: "boolean", default: false, description: "Print JSON instead of YAML" },
    },
    run({ args }) {
      const [, surplus] = args._;
      if (surplus !== undefined)
        throw new FilterwrightError("FW_USAGE", `expected one configuration, found ${surplus} behind it`);
      const text = args.file === "-" ? readFileSync(0) : readInput(args.file);
      const { rules, notes, leftOut } = importRules(utf8(text), source(args.from), { partial: args.partial });
      requireGood(rules);
      const comments = leftOut.map((place) => `left out: ${leftOutText(place)}`);
      for (const line of [...comments, ...notes.map((note) => `note: ${note}`)]) console.error(line);
      const output = args.json ? `${JSON.stringify(rules, null, 2)}\n` : rulesYaml(rules, comments);
      if (args.out === undefined) process.stdout.write(output);
      else write(args.out, output);
    },
  },
  [
    "filterwright import --from header_mutation envoy.yaml -o rules.yaml",
    "filterwright import --from kong --partial kong.yaml",
    "kubectl get httproute -o yaml | filterwright import --from gateway-api -",
  ],
);

/** What the filter itself has against the rules: a name or a value that the other system takes, and HTTP does not. */
function requireGood(rules: object): void {
  const { problems } = checkConfiguration(JSON.stringify(rules));
  if (problems.length === 0) return;
  throw new FilterwrightError("FW_IMPORT", "the rules that come of it are refused by the filter", {
    detail: problems.map(({ path, message }) => `${path}: ${message}`).join("\n"),
  });
}

function source(name: string): ImportSource {
  const known = IMPORT_SOURCES.find((candidate) => candidate === name);
  if (known) return known;
  throw new FilterwrightError("FW_USAGE", `expected one of ${IMPORT_SOURCES.join(", ")} after --from, found ${name}`);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FilterwrightError("FW_IMPORT_INPUT", "expected YAML or JSON: it is no UTF-8", { cause });
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const message = `expected a file that can be written after --out, found ${file}: ${(cause as Error).message}`;
    throw new FilterwrightError("FW_USAGE", message, { cause });
  }
}
