import { request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isPluginsRefusal, pluginLog } from "../cases/backend.ts";
import { aotBootstrap } from "../aot/bootstrap.ts";
import type { CaseRequest } from "../cases/case-file.ts";
import type { Response } from "../echo/exchange.ts";
import { readResponse } from "../echo/wire.ts";
import type { EnvoyBinary } from "../envoy/find.ts";
import { type RunningEnvoy, startEnvoy } from "../envoy/start.ts";
import { FilterwrightError } from "../errors.ts";
import { envoyConfig, framing, untagged } from "./envoy-config.ts";
import type { Outcome, Runner, RunnerOptions } from "./runner.ts";
import { serve, type Server } from "./serve.ts";

/** How long what Envoy logs of a request may take to get here. */
const LOG_PATIENCE_MS = 30;

/**
 * The filter in a real Envoy, between a client and an upstream of ours, which see what goes in and what comes out.
 *
 * @throws FilterwrightError FW_CONFIG_REFUSED, and what `startEnvoy` throws
 */
export async function envoyRunner(options: RunnerOptions, binary: EnvoyBinary): Promise<Runner> {
  /** Exchanges that go on, by the address that Envoy is spoken to from. */
  const open = new Map<string, Outcome>();
  const servers: Server[] = [];
  const closeServers = async () => void (await Promise.all(servers.map((server) => server.close())));
  const ports = new Map<string, number>();
  try {
    for (const [cluster, upstream] of options.clusters) {
      const server = await serve(0, async (tagged) => {
        const { tag, request } = untagged(tagged);
        const outcome = open.get(tag ?? "");
        if (outcome) outcome.received = request;
        const answer = await upstream(request);
        if (outcome) outcome.answer = answer;
        else options.journal.note(`called ${cluster}: ${request.method} ${request.path} ${answer.status}`);
        return answer;
      });
      servers.push(server);
      ports.set(cluster, server.port);
    }
    const envoy = await start(options, binary, ports);
    const log = logReader(envoy, options);
    return {
      title: `Envoy ${binary.version}`,
      failure: envoy.failure,
      exchange: (request, gone) => send(envoy.port, request, gone, open),
      async settle() {
        await sleep(LOG_PATIENCE_MS);
        log();
      },
      async close() {
        await envoy.stop();
        await closeServers();
      },
    };
  } catch (error) {
    await closeServers();
    throw error;
  }
}

async function start(options: RunnerOptions, envoy: EnvoyBinary, ports: Map<string, number>): Promise<RunningEnvoy> {
  const config = envoyConfig(options, ports);
  const bootstrap = options.engine === "aot" ? await aotBootstrap(config) : config;
  const component = options.engine === "aot" ? "dynamic_modules" : "wasm";
  try {
    return await startEnvoy({
      bootstrap,
      envoy,
      concurrency: 1,
      componentLogLevel: `${component}:${options.logLevel}`,
    });
  } catch (error) {
    if (!(error instanceof FilterwrightError) || error.code !== "FW_ENVOY_CONFIG") throw error;
    if (!isPluginsRefusal(error.detail ?? "")) throw error;
    const detail = pluginLog(error.detail!)
      .map(({ level, message }) => `${level}: ${message}`)
      .join("\n");
    throw new FilterwrightError("FW_CONFIG_REFUSED", "the module refuses its configuration", { detail });
  }
}

/** @returns what reads on in Envoy's log, to the last whole line */
function logReader({ output }: RunningEnvoy, { journal }: RunnerOptions): () => void {
  let position = 0;
  return () => {
    const text = output.since(position);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    position += whole.length;
    for (const line of pluginLog(whole)) journal.log(line);
    for (const [, callback, reason] of whole.matchAll(/ Function: (\w+) failed: (?:Uncaught RuntimeError: )?(.*)$/gm))
      journal.trap(`${callback} trapped: ${reason}`);
  };
}

/** One request on a connection of its own: its address says which it is. */
function send(port: number, request: CaseRequest, gone: AbortSignal, open: Map<string, Outcome>): Promise<Outcome> {
  const outcome: Outcome = { received: undefined, answer: undefined, response: undefined };
  return new Promise((resolve) => {
    const outgoing = httpRequest({
      host: "127.0.0.1",
      port,
      agent: false,
      method: request.method,
      path: request.path,
      setHost: false,
      headers: ["host", request.authority, ...request.headers.flat(), ...framing(request)],
      maxHeaderSize: 1 << 20,
    });
    let tag = "";
    const finish = (response: Response | undefined) => {
      open.delete(tag);
      resolve({ ...outcome, response });
    };
    gone.addEventListener("abort", () => outgoing.destroy());
    outgoing.on("socket", (socket) =>
      socket.on("connect", () => {
        tag = `127.0.0.1:${socket.localPort}`;
        open.set(tag, outcome);
      }),
    );
    outgoing.on("error", () => finish(undefined));
    outgoing.on("response", (response) => readResponse(response).then(finish, () => finish(undefined)));
    outgoing.addTrailers(request.trailers ?? []);
    outgoing.end(Buffer.from(request.body, "latin1"));
  });
}
