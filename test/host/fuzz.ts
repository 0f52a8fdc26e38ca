// `npm run fuzz:host`: random programs of host calls, on a real Envoy and on the TypeScript host.
import { defineVerb, report, runVerb } from "../../src/cli/command.ts";
import { compareRandom } from "./compare.ts";
import { Prober } from "./probe.ts";

const fuzz = defineVerb(
  {
    meta: { name: "npm run fuzz:host --", description: "Hold the TypeScript host against a real Envoy, at random" },
    args: {
      count: { type: "string", default: "1000", description: "Programs", valueHint: "N" },
      seed: { type: "string", default: String(Date.now() % 1_000_000), description: "Where to begin", valueHint: "S" },
    },
    async run({ args }) {
      const prober = await Prober.start();
      try {
        const { equal, declined } = await compareRandom(prober, Number(args.count), Number(args.seed));
        console.log(`${args.count} programs from seed ${args.seed}: ${equal} equal`);
        for (const [reason, count] of Object.entries(declined)) console.log(`${count} not run: ${reason}`);
        return 0;
      } catch (difference) {
        const { message, cause } = difference as Error;
        console.log(`${message}\n${cause instanceof Error ? cause.message : ""}`);
        return 1;
      } finally {
        await prober.close();
      }
    },
  },
  [
    "npm run fuzz:host                          a thousand programs",
    "npm run fuzz:host -- --count 100 --seed 7  those again",
  ],
);

process.exitCode = await runVerb(fuzz, process.argv.slice(2)).catch(report);
