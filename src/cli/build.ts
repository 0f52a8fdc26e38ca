import { build } from "../build/build.ts";
import { FilterwrightError } from "../errors.ts";
import { defineVerb } from "./command.ts";

export default defineVerb(
  {
    meta: { name: "build", description: "Compile filters to Wasm modules with source maps" },
    args: {
      filter: {
        type: "positional",
        required: false,
        description: "Names of filters in assembly/filters, or entry files; default: all filters",
      },
      out: { type: "string", default: "build", description: "Folder for the modules", valueHint: "DIR" },
      target: { type: "string", default: "release", description: "Target of asconfig.json", valueHint: "NAME" },
      force: { type: "boolean", default: false, description: "Build what did not change, too" },
      json: { type: "boolean", default: false, description: "Print one JSON array instead of lines" },
    },
    async run({ args }) {
      if (args.out === "") throw new FilterwrightError("FW_USAGE", "expected a folder after --out, found nothing");
      const filters = [];
      for await (const filter of build({ filters: args._, outDir: args.out, target: args.target, force: args.force })) {
        filters.push(filter);
        if (filter.warnings) console.error(filter.warnings);
        if (!args.json)
          console.log(
            `${filter.file}  ${filter.size.toLocaleString("en")} bytes${filter.rebuilt ? "" : "  (unchanged)"}`,
          );
      }
      if (args.json) console.log(JSON.stringify(filters, null, 2));
    },
  },
  [
    "filterwright build                       every filter of assembly/filters",
    "filterwright build add-header            that one alone",
    "filterwright build assembly/index.ts     an entry file from anywhere",
  ],
);
