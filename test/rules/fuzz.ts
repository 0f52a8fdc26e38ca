// `npm run fuzz:rules`: random rules for headers, on a real Envoy as Wasm, Lua and native filters.
import { defineVerb, report, runVerb } from "../../src/cli/command.ts";
import { compareRandom, TWINS } from "./compare.ts";
import { Engines } from "./engines.ts";
import { program } from "./programs.ts";

const fuzz = defineVerb(
  {
    meta: {
      name: "npm run fuzz:rules --",
      description: "Hold rendered Lua and native filters against the Wasm filter",
    },
    args: {
      count: { type: "string", default: "1000", description: "Documents of rules", valueHint: "N" },
      seed: { type: "string", default: String(Date.now() % 1_000_000), description: "Where to begin", valueHint: "S" },
    },
    async run({ args }) {
      const engines = await Engines.start();
      const half = Math.ceil(Number(args.count) / 2);
      try {
        for (const isRich of [false, true]) {
          const { count, lua, native, refused } = await compareRandom(
            engines,
            TWINS,
            program(isRich),
            half,
            Number(args.seed),
          );
          console.log(
            `${count} documents from seed ${args.seed}, ${isRich ? "for scripts" : "plain"}: equal, ${lua} on Lua and ${native} on native`,
          );
          for (const [reason, times] of Object.entries(refused))
            if (times > half / 20) console.log(`${times} not run: ${reason}`);
        }
        return 0;
      } catch (difference) {
        const { message, cause } = difference as Error;
        console.log(`${message}\n${cause instanceof Error ? cause.message : ""}`);
        return 1;
      } finally {
        await engines.close();
      }
    },
  },
  [
    "npm run fuzz:rules                          a thousand documents",
    "npm run fuzz:rules -- --count 100 --seed 7  those again",
  ],
);

process.exitCode = await runVerb(fuzz, process.argv.slice(2)).catch(report);
