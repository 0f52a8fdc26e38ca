// `node test/host/try.ts 'LINE; LINE'`: one program, and what either side says of it.
import { EXCHANGE } from "./exchange.ts";
import { describeDifference, readable } from "./readable.ts";
import { Prober } from "./probe.ts";
import { x } from "./calls.ts";

const prober = await Prober.start();
try {
  for (const text of process.argv.slice(2)) {
    const [lines = "", json = "{}"] = text.split(" @ ");
    const overrides = JSON.parse(json) as object;
    const unescape = (t: string) => t.replace(/\\x(..)/g, (_m, h: string) => String.fromCharCode(parseInt(h, 16)));
    const program = lines.split("; ").map((line) => line.replace(/'([^']*)'/g, (_, t: string) => x(unescape(t))));
    const t = Date.now();
    const compared = await prober.compare(program, { ...EXCHANGE, ...overrides });
    console.log(`--- ${text}: ${compared.kind} ${Date.now() - t} ms`);
    if (compared.kind === "different") console.log(describeDifference(compared.host, compared.envoy));
    else if ("error" in compared) console.log(compared.error.format().slice(0, 1500));
    if (process.env["V"] && "envoy" in compared) console.log(readable(compared.envoy).join("\n"));
  }
} finally {
  await prober.close();
}
