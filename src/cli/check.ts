import { checkModule } from "../check/check.ts";
import { reportText } from "../check/report.ts";
import { defineVerb } from "./command.ts";
import { readModule, textOrFile } from "./text-or-file.ts";

export default defineVerb(
  {
    meta: { name: "check", description: "Say what Envoy would have against a Wasm module, and what the module needs" },
    args: {
      file: { type: "positional", required: true, description: "Modules, of any language; NAME for build/NAME.wasm" },
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
      const results = args._.map(readModule).map(({ file, wasm }) => ({ file, ...checkModule(wasm, options) }));
      if (args.json) console.log(JSON.stringify(results, null, 2));
      else console.log(results.map(({ file, ...result }) => reportText(file, result)).join("\n\n"));
      return results.every(({ isFine }) => isFine) ? 0 : 1;
    },
  },
  [
    "filterwright check add-header                        build/add-header.wasm",
    "filterwright check filter.wasm --root-id demo --config @demo.json",
    `filterwright check filter.wasm --config '{"header": "x-a"}'`,
    "filterwright check --json build/*.wasm",
  ],
);
