// The examples of docs/guest-api.md, compiled and run on a real Envoy.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../src/build/build.ts";
import { pluginLog } from "../src/cases/backend.ts";
import { wasmConfig } from "../src/envoy/wasm-config.ts";
import { startSwappable, type SwappableEnvoy, type TypedConfig } from "../src/envoy/swap.ts";
import { demoBootstrap, withHttp2Cluster } from "./demo-bootstrap.ts";
import { projectRoot } from "./guest-module.ts";
import { type Lines, type Message, type Upstream, exchange, startUpstream } from "./http2-exchange.ts";

interface Expectation {
  configuration?: string;
  request?: Lines;
  /** Of the request as the upstream got it. */
  sent?: Lines;
  answered?: { headers?: Lines; trailers?: Lines; body?: string } | null;
  log?: (string | RegExp)[];
}

/** By root_id: what each example does. */
const EXAMPLES: Record<string, Expectation[]> = {
  greeting: [{ configuration: "good day", answered: { headers: { "x-greeting": "good day" } } }],
  counting: [{ configuration: "7", answered: { headers: { "x-stream": "1 of 7" } } }],
  headers: [
    {
      request: { "x-a": ["1", ""], "x-b": ["1", "2"], "x-d": "gone" },
      sent: {
        "x-read": "1 true 1; true",
        "x-b": "1",
        "x-c": "1, 2",
        "x-e": "bytes",
        "x-all": "x-a=1 x-a= x-forwarded-proto=http x-request-id=ID x-read=1 true 1; true x-b=1 x-c=1 x-c=2 x-e=bytes",
        "x-status": "0 2",
        "x-size": "true true",
      },
    },
  ],
  whole: [{ request: { "x-one": "1" }, sent: { "x-one": "1", "x-count": "7" } }],
  trailers: [{ answered: { trailers: { "x-trailer": "made here" } } }],
  body: [{ answered: { body: "<swer> answ 6 5" } }],
  waiting: [{ sent: { "x-waited": "a tick" } }],
  refusing: [
    { request: { "x-why": "reply" }, answered: { headers: { "x-reason": "no token" }, body: "no\n" } },
    {
      request: { "x-why": "reply", "content-type": "application/grpc" },
      answered: { headers: { "grpc-status": "16", "grpc-message": "no%0A" } },
    },
    { request: { "x-why": "reset" }, answered: null },
  ],
  attributes: [{ sent: { "x-request": "POST /p?q true", "x-connection": "false 0.0", "x-tenant": "blue true 4" } }],
  measuring: [{ log: ["request 1, open 1"] }, { log: ["request 2, open 1"] }],
  asking: [{ sent: { "x-asked": "200 true" } }],
  judging: [{ sent: { "x-verdict": "none false" } }], // nobody judges here
  sharing: [{ sent: { "x-total": "1" } }, { sent: { "x-total": "2" } }],
  inbox: [{ log: ["got a parcel"] }],
  hosted: [{ sent: { "x-time": "true", "x-random": "16", "x-environment": "good day", "x-foreign": "true true" } }],
  ending: [{ log: ["status 200", "stream gone"] }],
  failing: [{ request: { "x-fail": "1" }, answered: { body: "" }, log: [/^as told at: .*failing\.ts\(\d+:\d+\)$/] }],
};
/** Not HTTP filters: they are compiled here, and their like runs in test/e2e/roles.test.ts. */
const NOT_HTTP = ["access-log", "tcp"];

const OUT = "build/test/guest-api";
const page = readFileSync(join(projectRoot, "docs/guest-api.md"), "utf8");
const blocks = [...page.matchAll(/(<!-- not run -->\n\n)?```ts\n([^]*?)```/g)].filter(([, notRun]) => !notRun);
const examples = new Map(blocks.map(([, , text]) => [/"([\w-]+)"\);\n$/.exec(text!)?.[1] ?? text!, text!]));

let envoy: SwappableEnvoy;
let upstream: Upstream;

beforeAll(async () => {
  const index = readFileSync(join(projectRoot, "assembly/index.ts"), "utf8");
  const enums = readFileSync(join(projectRoot, "assembly/runtime/enums.ts"), "utf8");
  const exported = [
    ...[...enums.matchAll(/enum (\w+)/g)].map(([, name]) => name!),
    ...[...index.matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names]) => names!.match(/\w+/g)!),
  ];
  mkdirSync(join(projectRoot, OUT), { recursive: true });
  for (const [name, text] of examples) {
    const imports = new Set(exported.filter((word) => new RegExp(`\\b${word}\\b`).test(text)));
    const head = `export * from "filterwright/assembly/proxy";\nimport { ${[...imports].join(", ")} } from "filterwright/assembly";\n`;
    writeFileSync(join(projectRoot, OUT, `${name}.ts`), head + text);
  }
  upstream = await startUpstream();
  const bootstrap = withHttp2Cluster(demoBootstrap(), "upstream", upstream.port);
  envoy = await startSwappable({ bootstrap, concurrency: 1 });
}, 60_000);
afterAll(async () => {
  await envoy.stop();
  upstream.close();
});

test("every example is run, or is named as one that is compiled only", () => {
  expect([...examples.keys()].sort()).toEqual([...Object.keys(EXAMPLES), ...NOT_HTTP].sort());
});

test.for([...examples.keys()])("the example %s compiles and does what it says", async (name) => {
  const filters = [`${OUT}/${name}.ts`];
  const [built] = await Array.fromAsync(build({ root: projectRoot, filters, outDir: OUT }));
  const expectations = EXAMPLES[name] ?? [];
  const wasm = join(projectRoot, built!.file);
  if (expectations.length > 0) await envoy.swap(config(wasm, name, expectations[0]!.configuration ?? "none"));
  for (const { request, sent, answered, log } of expectations) {
    const position = envoy.envoy.output.position;
    const response = await exchange(envoy.envoy.port, request);
    if (answered !== undefined) checkMessage(response, answered);
    if (sent) expect(withoutId(upstream.received!.headers)).toMatchObject(sent);
    if (!log) continue;
    await sleep(100);
    // The plugin of the example before may end only now, and say so.
    const own = envoy.envoy.output.since(position).replaceAll(new RegExp(`^(?!.* wasm log ${name}\\b).*\n`, "gm"), "");
    const lines = pluginLog(own).map(({ message }) => message);
    expect(lines).toEqual(log.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))));
  }
});

function config(wasm: string, rootId: string, configuration: string): TypedConfig {
  const vm = { vm_id: "", environment_variables: { key_values: { GREETING: "good day" } } };
  return wasmConfig({ wasm, rootId }, configuration, vm);
}

function checkMessage(response: Message | null, answered: NonNullable<Expectation["answered"]> | null): void {
  if (answered === null) expect(response).toBeNull();
  else expect(response).toMatchObject(answered);
}

/** The one value that differs from request to request. */
function withoutId(headers: Lines): Lines {
  const all = headers["x-all"];
  return typeof all === "string"
    ? { ...headers, "x-all": all.replace(/x-request-id=\S+/, "x-request-id=ID").trim() }
    : headers;
}
