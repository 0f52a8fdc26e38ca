import { stringify } from "yaml";
import { minorOf } from "../aot/about.ts";
import { cachedLibrary } from "../aot/cache.ts";
import { PINNED_VERSION } from "../envoy/pinned.ts";
import { FilterwrightError } from "../errors.ts";
import { headersModule } from "../rules/headers-module.ts";
import { type Engine, ENGINES, render, type Rendered, thousands } from "../rules/render/render.ts";
import { findingText, readRulesFile } from "../rules/rules-file.ts";
import { defineVerb } from "./command.ts";

/** The oldest Envoy that what is rendered was tried on. */
const OLDEST = [1, 36];

export default defineVerb(
  {
    meta: { name: "render", description: "Write the Envoy filter that does what a rules file says" },
    args: {
      file: { type: "positional", required: true, description: "The rules, YAML or JSON" },
      engine: {
        type: "string",
        default: "wasm",
        description: "Which filter",
        valueHint: [...ENGINES, "auto"].join("|"),
      },
      wasm: {
        type: "string",
        description: "Where Envoy finds headers.wasm (Default: this package's)",
        valueHint: "FILE",
      },
      library: {
        type: "string",
        description: "Where Envoy finds the library of --engine aot (Default: one that is compiled for here)",
        valueHint: "FILE",
      },
      "allow-aot": {
        type: "boolean",
        default: false,
        description: "Let auto take the module compiled ahead of time, which is native code in Envoy",
      },
      "envoy-version": {
        type: "string",
        description: "The Envoy that it is for (Default: 1.40)",
        valueHint: "VERSION",
      },
      json: { type: "boolean", default: false, description: "Print JSON: the filter, its cost and differences" },
    },
    async run({ args }) {
      const engine = engineOf(args.engine);
      const takesLibrary = engine === "aot" || (engine === "auto" && args["allow-aot"]);
      requireVersion(args["envoy-version"], takesLibrary);
      const rules = readRulesFile(args.file);
      const library = takesLibrary ? (args.library ?? (await cachedLibrary(headersModule()))) : undefined;
      const rendered = render(rules, engine, { wasm: args.wasm ?? headersModule(), library });
      for (const finding of rules.findings) console.error(findingText(rules.file, finding));
      if (args.json) {
        console.log(JSON.stringify(rendered, null, 2));
        return;
      }
      for (const line of notes(rendered)) console.error(line);
      // Envoy reads YAML 1.1, in which a plain `on` or `NO` is no text.
      process.stdout.write(stringify([rendered.filter], { lineWidth: 0, version: "1.1" }));
    },
  },
  [
    "filterwright render rules.yaml                       a Wasm filter",
    "filterwright render rules.yaml --engine auto         the cheapest that is exact",
    "filterwright render rules.yaml --engine lua --json",
    "filterwright render rules.yaml --wasm /etc/envoy/headers.wasm",
    "filterwright render rules.yaml --engine aot --library /etc/envoy/libheaders.so",
  ],
);

function engineOf(name: string): Engine | "auto" {
  if (name === "auto") return name;
  const known = ENGINES.find((engine) => engine === name);
  if (known) return known;
  throw new FilterwrightError("FW_USAGE", `expected one of ${ENGINES.join(", ")}, auto after --engine, found ${name}`);
}

function requireVersion(version: string | undefined, takesLibrary: boolean): void {
  if (version === undefined) return;
  if (takesLibrary) requireLibraryVersion(version);
  const parts = /^v?(\d+)\.(\d+)(\.\d+)?$/.exec(version);
  const [major, minor] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts && (major > OLDEST[0]! || (major === OLDEST[0] && minor >= OLDEST[1]!))) return;
  const message = `expected a version of Envoy from ${OLDEST.join(".")} on after --envoy-version, found ${version}`;
  throw new FilterwrightError("FW_USAGE", message);
}

/** A library is bound to a minor release. */
function requireLibraryVersion(version: string): void {
  const minor = minorOf(PINNED_VERSION);
  if (minorOf(version) === minor) return;
  const message = `expected ${minor} after --envoy-version, which libraries are compiled for, found ${version}`;
  throw new FilterwrightError("FW_USAGE", message, {
    hint: "Leave --engine aot and --allow-aot out for other releases.",
  });
}

/** What to know of a filter, as lines for a person. */
function notes({ engine, cost, differences, reasons }: Rendered): string[] {
  return [
    `engine: ${engine}, which adds about ${thousands(cost)} instructions to a request`,
    ...reasons.map((reason) => `not chosen: ${reason}`),
    ...differences.map((difference) => `unlike wasm: ${difference}`),
  ];
}
