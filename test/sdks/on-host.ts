// The module in src/host.
import { readFileSync } from "node:fs";
import { requestFromClient, responseFromManager, responseFromUpstream } from "../../src/host/edge.ts";
import { HeaderMap } from "../../src/host/header-map.ts";
import { Host, type HttpStream, type Pair, type Plugin } from "../../src/host/index.ts";
import type { Backend, Exchange } from "./backend.ts";
import { type Answer, authAnswer, BODY, lines, type Request } from "./upstream.ts";

export function onHost(file: string): Backend {
  const wasm = readFileSync(file);
  let host: Host;
  let plugin: Plugin;
  const logged = () => host.logs.splice(0).map(({ level, message }) => `${level} ${message}`);

  function answerCalls(): void {
    for (const { token, headers } of host.httpCalls.splice(0)) {
      const answer = authAnswer(Object.fromEntries(headers)["x-token"] ?? "");
      const status: Pair[] = answer === "reset" ? [] : [[":status", answer.status]];
      const message = { headers: new HeaderMap("response headers", status), trailers: undefined };
      plugin.context.answerHttpCall(token, answer === "reset" ? undefined : { ...message, body: answer.body });
    }
  }

  return {
    configure: async (configuration) => {
      host = new Host();
      plugin = host.load({ wasm, name: "gate", rootId: "gate", configuration });
      host.logs.length = 0;
    },
    async exchange(request, answer): Promise<Exchange> {
      const stream = plugin.openStream({ request: { method: "POST" } });
      sendRequest(stream, request);
      answerCalls();
      if (stream.upstream?.isComplete && !stream.downstream) sendResponse(stream, answer);
      const { upstream, downstream } = stream;
      stream.end(downstream && { response: responseFromManager(downstream.headers, "", true) });
      return {
        upstream: upstream?.isComplete ? toMessage(upstream) : undefined,
        client: downstream ? toMessage(downstream) : null,
        log: logged(),
      };
    },
    async metrics() {
      const { counters, gauges, histograms } = host.metrics;
      const numbers = [...counters, ...gauges].map(([name, value]) => [name, value] as const);
      const counts = [...histograms].map(([name, values]) => [`${name}_count`, values.length] as const);
      const named = [...numbers, ...counts].map(([name, value]) => [name.replace("gate.", ""), Number(value)]);
      return Object.fromEntries(named) as Record<string, number>;
    },
    wait: async (milliseconds) => host.advance(milliseconds),
    async end() {
      plugin.end();
      return logged();
    },
    now: () => Number(host.now / 1_000_000_000n),
    close: async () => {},
  };
}

function sendRequest(stream: HttpStream, { headers = {}, trailers }: Request): void {
  const request = { method: "POST", path: "/p?q", authority: "example.com", headers: pairs(headers) };
  stream.sendRequestHeaders(requestFromClient(request, "00000000-0000-4000-8000-000000000000"), false);
  if (!stream.downstream) stream.sendRequestBody(BODY, trailers === undefined);
  if (!stream.downstream && trailers) stream.sendRequestTrailers(pairs(trailers));
}

function sendResponse(stream: HttpStream, { headers, body, trailers }: Answer): void {
  stream.sendResponseHeaders(responseFromUpstream(200, pairs(headers), 0), body.length === 0 && !trailers);
  body.forEach((piece, i) => stream.sendResponseBody(piece, i === body.length - 1 && !trailers));
  if (trailers) stream.sendResponseTrailers(pairs(trailers));
}

const pairs = (record: Record<string, string | string[]>): Pair[] =>
  Object.entries(record).flatMap(([name, values]) => [values].flat().map((value): Pair => [name, value]));

function toMessage({ headers, body, trailers }: NonNullable<HttpStream["upstream"]>): NonNullable<Exchange["client"]> {
  return { headers: lines(headers), body, trailers: lines(trailers ?? []) };
}
