import { readFileSync } from "node:fs";
import { FilterwrightError } from "../../src/errors.ts";
import { Host, type ProxyExchange, type ReceivedRequest, type ReceivedResponse } from "../../src/host/index.ts";
import { Proxy } from "../../src/host/proxy.ts";
import { CALL_RESPONSE, type Exchange, type Outcome, type Received } from "./exchange.ts";
import { masked } from "./mask.ts";

/** What is to be done to an exchange when nothing more comes of itself. */
export type Step = "respond" | "answer call" | "tick" | "abort";

export const REFUSED: Outcome = { isRefused: true, said: [], upstream: undefined, client: undefined, calls: [] };

/** Runs a program on src/host. @returns what came of it, and the steps that it took */
export function runOnHost(wasm: string, program: string[], exchange: Exchange): { outcome: Outcome; steps: Step[] } {
  const host = new Host({ clusters: ["upstream", "calls"] });
  const { allow_on_headers_stop_iteration: allowOnHeadersStopIteration, failure_policy: failurePolicy } =
    exchange.plugin;
  let plugin;
  try {
    plugin = host.load({
      wasm: readFileSync(wasm),
      name: "name",
      rootId: "root",
      vmId: "probe",
      configuration: "configured",
      vmConfiguration: program.join("\n"),
      allowOnHeadersStopIteration,
      failurePolicy,
    });
  } catch (error) {
    if (!(error instanceof FilterwrightError) || error.code === "FW_HOST_CALL" || error.code === "FW_UNDEFINED")
      throw error;
    return { outcome: REFUSED, steps: [] };
  }
  const { method, request, status, response } = exchange;
  const proxied = new Proxy(host, [plugin]).send({
    method,
    path: "/p?q=1",
    authority: "example.com",
    headers: request.headers,
    body: request.chunks,
    trailers: request.trailers,
  });
  const steps: Step[] = [];
  const ticks = program.some((line) => line.startsWith("tick "));
  const answered = new Set<unknown>();
  let hasResponded = false;
  let hasTicked = false;
  for (;;) {
    const call = host.httpCalls.find((other) => !answered.has(other));
    if (proxied.received && !hasResponded && !proxied.isOver) {
      hasResponded = true;
      steps.push("respond");
      proxied.respond({ status, headers: response.headers, body: response.chunks, trailers: response.trailers });
    } else if (call) {
      answered.add(call);
      steps.push("answer call");
      call.respond({
        headers: CALL_RESPONSE.headers,
        body: CALL_RESPONSE.chunks.join(""),
        trailers: CALL_RESPONSE.trailers,
      });
    } else if (ticks && !hasTicked && !plugin.context.vm.failure) {
      hasTicked = true;
      steps.push("tick");
      new Proxy(host, [plugin]).send();
      host.advance(1);
    } else if (!proxied.isOver) {
      steps.push("abort");
      proxied.abort();
    } else {
      break;
    }
  }
  return { outcome: masked(outcomeOf(host, proxied), program), steps };
}

function outcomeOf(host: Host, { received, response }: ProxyExchange): Outcome {
  return {
    isRefused: false,
    said: host.logs.map(({ plugin, message }) => `${plugin.replace(/ probe$/, "")}: ${message}`),
    upstream: received && requestOf(received),
    client: response && responseOf(response),
    calls: [],
  };
}

const requestOf = ({ method, path, headers, body, trailers }: ReceivedRequest): Received => ({
  start: `${method} ${path}`,
  headers,
  body,
  trailers,
});

const responseOf = ({ status, headers, body, trailers }: ReceivedResponse): Received => ({
  start: String(status),
  headers,
  body,
  trailers,
});
