// The module in src/host.
import { readFileSync } from "node:fs";
import { Host, type HttpStream, type Pair, type Plugin, Proxy } from "../../src/host/index.ts";
import type { Backend, Exchange } from "./backend.ts";
import { authAnswer, BODY, lines } from "./upstream.ts";

export function onHost(file: string): Backend {
  const wasm = readFileSync(file);
  let host: Host;
  let plugin: Plugin;
  const logged = () => host.logs.splice(0).map(({ level, message }) => `${level} ${message}`);

  function answerCalls(): void {
    for (const call of host.httpCalls.splice(0)) {
      const answer = authAnswer(Object.fromEntries(call.headers)["x-token"] ?? "");
      if (answer === "reset") call.fail();
      else call.respond({ status: Number(answer.status), body: answer.body });
    }
  }

  return {
    configure: async (configuration) => {
      host = new Host();
      plugin = host.load({ wasm, name: "gate", rootId: "gate", configuration });
      host.logs.length = 0;
    },
    async exchange({ headers = {}, trailers = {} }, answer): Promise<Exchange> {
      const request = { method: "POST", path: "/p?q", headers: pairs(headers), body: BODY, trailers: pairs(trailers) };
      const proxied = new Proxy(host, [plugin]).send(request, { attributes: { request: { method: "POST" } } });
      answerCalls();
      if (proxied.received) {
        proxied.respond({ ...answer, headers: pairs(answer.headers), trailers: pairs(answer.trailers ?? {}) });
      }
      const { upstream, downstream } = proxied.stream;
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

const pairs = (record: Record<string, string | string[]>): Pair[] =>
  Object.entries(record).flatMap(([name, values]) => [values].flat().map((value): Pair => [name, value]));

function toMessage({ headers, body, trailers }: NonNullable<HttpStream["upstream"]>): NonNullable<Exchange["client"]> {
  return { headers: lines(headers), body, trailers: lines(trailers ?? []) };
}
