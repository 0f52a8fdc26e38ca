// Two filters on one stream, in one VM and in two: the same is called, in the same order, on a real Envoy and on the host.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pluginLog } from "../../src/cases/backend.ts";
import type { CaseRequest } from "../../src/cases/case-file.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { EchoControl } from "../../src/echo/control.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { Host, Proxy } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

const NAMES = ["one", "two"];
const ANSWER = { status: 200, headers: [["content-length", "3"]] as [string, string][], body: "yes" };

const REQUESTS: Record<string, { headers: [string, string][]; body?: string; answer?: [string, string][] }> = {
  "a request and its response": { headers: [] },
  "with a body that both hold and change": { headers: [["transfer-encoding", "chunked"]], body: "sent" },
  "the first answers": { headers: [["x-reply", "one"]] },
  "the second answers": { headers: [["x-reply", "two"]] },
  "the last puts another response in the place of the upstream's": { headers: [], answer: [["x-replace", "two"]] },
  "the first does": { headers: [], answer: [["x-replace", "one"]] },
  "the second traps": { headers: [["x-trap", "two"]] },
};

describe.each([
  ["one VM", () => "shared"],
  ["two", (name: string) => name],
] as const)("in %s", (_, vmOf) => {
  let wasm: string;
  let echo: Echo;
  let envoy: RunningEnvoy;

  beforeAll(async () => {
    wasm = await compiledGuest("chain");
    echo = await startEcho();
    const filters = NAMES.map((name) => ({
      name,
      typed_config: wasmConfig({ wasm, rootId: name }, "", { vm_id: vmOf(name) }),
    }));
    envoy = await startEnvoy({ bootstrap: withFilters(demoBootstrap(echo.port), filters), concurrency: 1 });
    await sleep(1100); // else a trap's VM would have to wait for its time
  });
  afterAll(async () => {
    await envoy.stop();
    await echo.close();
  });

  const onEnvoy = async (request: CaseRequest, answer: [string, string][]) => {
    const control = new EchoControl(`http://127.0.0.1:${echo.controlPort}`);
    await control.answer({ ...ANSWER, headers: [...ANSWER.headers, ...answer] });
    const position = envoy.output.position;
    const response = await send({ host: "127.0.0.1", port: envoy.port }, request);
    const [received] = await control.received();
    await envoy.output.waitFor(/ (one|two): (?!.* (one|two): ).*delete\n/, position).catch(() => {});
    await sleep(30);
    const seen = received && { headers: received.headers.filter(([name]) => name === "x-seen"), body: received.body };
    return {
      log: pluginLog(envoy.output.since(position))
        .map(({ message }) => message)
        .filter((line) => /^(one|two): /.test(line)),
      seen,
      response: {
        status: response.status,
        body: response.body,
        seen: response.headers.filter(([name]) => name === "x-seen"),
      },
    };
  };

  const onHost = (request: CaseRequest, answer: [string, string][]) => {
    const host = new Host();
    const plugins = NAMES.map((name) =>
      host.load({ wasm: readFileSync(wasm), name, rootId: name, vmId: vmOf(name), failurePolicy: "FAIL_RELOAD" }),
    );
    host.advance(1100);
    const upstream = { ...ANSWER, headers: [...ANSWER.headers, ...answer] };
    const { received, response } = new Proxy(host, plugins, { upstream }).send(request);
    return {
      log: host.logs.map(({ message }) => message).filter((line) => /^(one|two): /.test(line)),
      seen: received && { headers: received.headers.filter(([name]) => name === "x-seen"), body: received.body },
      response: response && {
        status: response.status,
        body: response.body,
        seen: response.headers.filter(([name]) => name === "x-seen"),
      },
    };
  };

  test.for(Object.keys(REQUESTS))("%s", async (name) => {
    const { headers, body = "", answer = [] } = REQUESTS[name]!;
    const request = { method: "POST", path: "/", authority: "example.com", headers, body };
    const seen = await onEnvoy(request, answer);
    expect(seen.log.length).toBeGreaterThan(1);
    // Shared data outlives a request on Envoy; the first has none in either.
    const withoutShared = ({ log, ...rest }: { log: string[] }) => ({
      ...rest,
      log: log.map((line) => line.replace(/ [01]$/, "")),
    });
    expect(withoutShared(onHost(request, answer))).toEqual(withoutShared(seen));
  });
});
