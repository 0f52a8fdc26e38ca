import { checkModule } from "../check/check.ts";
import { reportText } from "../check/report.ts";
import type { TrialOptions } from "../check/trial.ts";
import { defineVerb } from "./command.ts";
import { rulesReport } from "../rules/report.ts";
import { isRulesFile, readRulesFile } from "../rules/rules-file.ts";
import { readModule, textOrFile } from "./text-or-file.ts";

export default defineVerb(
  {
    meta: {
      name: "check",
      description: "Say what is wrong with a rules file, or what Envoy would have against a Wasm module",
    },
    args: {
      file: {
        type: "positional",
        required: true,
        description: "Rules files (.yaml, .json), and modules, of any language; NAME for build/NAME.wasm",
      },
      config: {
        type: "string",
        description: "The plugin's configuration, or @ and the name of a file that has it",
        valueHint: "TEXT|@FILE",
      },
      "vm-config": { type: "string", description: "The VM's configuration, likewise", valueHint: "TEXT|@FILE" },
      "root-id": { type: "string", description: "root_id of Envoy's configuration (Default: empty)", valueHint: "ID" },
      json: { type: "boolean", default: false, description: "Print one JSON array instead of text" },
    },
    run({ args }) {
      const options = {
        rootId: args["root-id"],
        configuration: textOrFile(args.config),
        vmConfiguration: textOrFile(args["vm-config"]),
      };
      const results = args._.map((name) => (isRulesFile(name) ? checkRules(name) : checkModuleFile(name, options)));
      if (args.json)
        console.log(
          JSON.stringify(
            results.map(({ result }) => result),
            null,
            2,
          ),
        );
      else console.log(results.map(({ text }) => text).join("\n\n"));
      return results.every(({ isFine }) => isFine) ? 0 : 1;
    },
  },
  [
    "filterwright check rules.yaml",
    "filterwright check add-header                        build/add-header.wasm",
    "filterwright check filter.wasm --root-id demo --config @demo.json",
    `filterwright check filter.wasm --config '{"header": "x-a"}'`,
    "filterwright check --json build/*.wasm",
  ],
);

/** What came of one file: for a program, for a person, and in a word. */
interface Checked {
  result: object;
  text: string;
  isFine: boolean;
}

function checkRules(name: string): Checked {
  const rules = readRulesFile(name);
  const { file, findings, plan } = rules;
  return {
    result: { file, isFine: plan !== undefined, findings },
    text: rulesReport(rules),
    isFine: plan !== undefined,
  };
}

function checkModuleFile(name: string, options: TrialOptions): Checked {
  const { file, wasm } = readModule(name);
  const result = checkModule(wasm, options);
  return { result: { file, ...result }, text: reportText(file, result), isFine: result.isFine };
}
