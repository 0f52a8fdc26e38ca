// Two filters on one stream, and all that can be seen of them on a real Envoy and on the host.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { aotBootstrap } from "../../src/aot/bootstrap.ts";
import { pluginLog } from "../../src/cases/backend.ts";
import type { CaseRequest } from "../../src/cases/case-file.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { EchoControl } from "../../src/echo/control.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { Host, Proxy } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

const NAMES = ["one", "two"];
const ANSWER = { status: 200, headers: [["content-length", "3"]] as [string, string][], body: "yes" };

interface Sent {
  headers: [string, string][];
  body?: string;
  /** Headers of the upstream's answer. */
  answer?: [string, string][];
}

export const REQUESTS: Record<string, Sent> = {
  "a request and its response": { headers: [] },
  "with a body that both hold and change": { headers: [["transfer-encoding", "chunked"]], body: "sent" },
  "the first answers": { headers: [["x-reply", "one"]] },
  "the second answers": { headers: [["x-reply", "two"]] },
  "the last puts another response in the place of the upstream's": { headers: [], answer: [["x-replace", "two"]] },
  "the first does": { headers: [], answer: [["x-replace", "one"]] },
  "the second traps": { headers: [["x-trap", "two"]] },
};

/** By the name of the VM that each of them is in. */
export const VMS = [
  ["one VM", () => "shared"],
  ["two", (name: string) => name],
] as const;

export interface Seen {
  log: string[];
  /** What reached the upstream. */
  received?: object | undefined;
  response?: object | undefined;
}

const requestOf = ({ headers, body = "" }: Sent): CaseRequest => ({
  method: "POST",
  path: "/",
  authority: "example.com",
  headers,
  body,
});

interface Message {
  headers: [string, string][];
  body: string;
}
const seenOf = <T extends Message>({ headers, body }: T) => ({
  body,
  seen: headers.filter(([name]) => name === "x-seen"),
});
/** Shared data outlives a request on Envoy; the first has none in either. */
const ownLines = (messages: { message: string }[]) =>
  messages
    .map(({ message }) => message)
    .filter((line) => /^(one|two): /.test(line))
    .map((line) => line.replace(/ [01]$/, ""));

export class ChainOnEnvoy implements AsyncDisposable {
  private readonly echo: Echo;
  private readonly envoy: RunningEnvoy;

  private constructor(echo: Echo, envoy: RunningEnvoy) {
    this.echo = echo;
    this.envoy = envoy;
  }

  static async start(engine: WasmEngine, vmOf: (name: string) => string): Promise<ChainOnEnvoy> {
    const wasm = await compiledGuest("chain");
    const echo = await startEcho();
    const filters = NAMES.map((name) => ({
      name,
      typed_config: wasmConfig({ wasm, rootId: name }, "", { vm_id: vmOf(name) }),
    }));
    const inWasm = withFilters(demoBootstrap(echo.port), filters);
    const bootstrap = engine === "aot" ? await aotBootstrap(inWasm) : inWasm;
    const envoy = await startEnvoy({ bootstrap, concurrency: 1 });
    await sleep(1100); // else a trap's VM would have to wait for its time
    return new ChainOnEnvoy(echo, envoy);
  }

  async run(sent: Sent): Promise<Seen> {
    const { output, port } = this.envoy;
    const control = new EchoControl(`http://127.0.0.1:${this.echo.controlPort}`);
    await control.answer({ ...ANSWER, headers: [...ANSWER.headers, ...(sent.answer ?? [])] });
    const { position } = output;
    const response = await send({ host: "127.0.0.1", port }, requestOf(sent));
    const [received] = await control.received();
    await output.waitFor(/ (one|two): (?!.* (one|two): ).*delete\n/, position).catch(() => {});
    await sleep(30);
    return {
      log: ownLines(pluginLog(output.since(position))),
      received: received && seenOf(received),
      response: { status: response.status, ...seenOf(response) },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.envoy.stop();
    await this.echo.close();
  }
}

export async function runOnHost(vmOf: (name: string) => string, sent: Sent): Promise<Seen> {
  const wasm = readFileSync(await compiledGuest("chain"));
  const host = new Host();
  const plugins = NAMES.map((name) =>
    host.load({ wasm, name, rootId: name, vmId: vmOf(name), failurePolicy: "FAIL_RELOAD" }),
  );
  host.advance(1100);
  const upstream = { ...ANSWER, headers: [...ANSWER.headers, ...(sent.answer ?? [])] };
  const { received, response } = new Proxy(host, plugins, { upstream }).send(requestOf(sent));
  return {
    log: ownLines(host.logs),
    received: received && seenOf(received),
    response: response && { status: response.status, ...seenOf(response) },
  };
}
