// The headers filter against any configuration and any headers: `npm run fuzz:robust -- --count 100000 --seed 7`.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type FilterwrightError, Host, ModuleCache } from "../../src/host/index.ts";
import { compiledGuest } from "../guest-module.ts";
import { struct } from "../struct-bytes.ts";
import { configuration, mutated } from "./configurations.ts";

type Line = [name: string, value: string];

/** Header lines as Envoy lets them in: names are tokens in lower case, values have any bytes but control characters. */
const names = [
  "x-a",
  "x-b",
  "cookie",
  "set-cookie",
  "via",
  "x-forwarded-for",
  "vary",
  "x-internal-a",
  "connection",
  "te",
  "a",
];
const byte = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...',;="\\ \tab1%?&[]:/') },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) },
);
const value = fc.oneof(
  fc.array(byte, { maxLength: 24 }).map((bytes) => bytes.join("")),
  fc.constantFrom(
    "a=1; b=2",
    "a=1; Path=/; Secure",
    "%0d%0a",
    "a%00",
    "AAEC",
    "DQo=",
    "?",
    "a".repeat(5000),
    "é".repeat(90),
  ),
);
const lines = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 12 });
const path = fc.oneof(
  fc.constant("/a?a=1&b=%zz&a=2"),
  value.map((rest) => `/${rest.replaceAll(/[ \t]/g, "")}`),
);

export interface Trial {
  configuration: string | Buffer;
  request: Line[];
  response: Line[];
}

const document = fc.oneof(configuration, mutated(configuration));
const size = fc.nat(400);

/** A configuration as JSON or as a Struct, now and then cut off or some bytes, and a request and a response. */
export const trial: fc.Arbitrary<Trial> = fc.record({
  configuration: fc.oneof(
    { weight: 9, arbitrary: document.map((one) => JSON.stringify(one)) },
    { weight: 3, arbitrary: document.map(struct) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.tuple(document, size).map(([one, end]) => JSON.stringify(one).slice(0, end)) },
    { weight: 1, arbitrary: fc.tuple(document, size).map(([one, end]) => struct(one).subarray(0, end)) },
  ),
  request: fc
    .tuple(lines, path)
    .map(([rest, at]): Line[] => [
      [":authority", "a.com:80"],
      [":path", at],
      [":method", "GET"],
      [":scheme", "http"],
      ["x-forwarded-proto", "http"],
      ...rest,
    ]),
  response: lines.map((rest): Line[] => [[":status", "200"], ...rest]),
});

const modules = new ModuleCache();
/** With assertions, and with freed memory overwritten. */
const wasm = readFileSync(await compiledGuest("headers-heap"));
/** A line of a refusal, as it must be: with a path in front of each mistake. */
const REFUSAL =
  /^configuration refused at (\$|[a-zA-Z][\w-]*(\.[\w-]+|\[\d+\]|\[".*?"\])*|\[".*?"\])( \(offset \d+[^)]*\))?: ./;
/** What the host does not know by itself. */
const ATTRIBUTES = { xds: { route_name: "a", virtual_host_name: "a" }, connection: { mtls: true } };
const ADDRESSES = { source: { address: "10.1.2.3", port: 40000 }, destination: { address: "::1", port: 80 } };
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

/** What is wrong with how the filter took it; empty where nothing is. */
export function tryOut({ configuration: text, request, response }: Trial): "taken" | "refused" | { problem: string } {
  const host = new Host({ modules });
  let plugin;
  try {
    const vm = { environment: { KEY: "secret" } };
    plugin = host.load({ wasm, rootId: "headers", configuration: Buffer.from(text as string), ...vm });
  } catch (error) {
    const { code, message } = error as FilterwrightError;
    if (code !== "FW_CONFIG_REFUSED") return { problem: `${code}: ${message}` };
    const line = host.logs.find(({ level }) => level === "error")?.message ?? "nothing was logged";
    return REFUSAL.test(line) ? "refused" : { problem: `a refusal without a path: ${line}` };
  }
  const stream = host.openStream([plugin], { attributes: ATTRIBUTES, addresses: ADDRESSES });
  stream.sendRequestHeaders(request, true);
  if (stream.upstream) stream.sendResponseHeaders(response, true);
  plugin.context.tick();
  stream.end();
  const trap = host.traps[0];
  if (trap) return { problem: trap.message };
  const out = [...(stream.upstream?.headers ?? []), ...(stream.downstream?.headers ?? [])];
  const bad = out.find((line) => CONTROL.test(line.join("")));
  return bad ? { problem: `a control character went out: ${JSON.stringify(bad)}` } : "taken";
}
