// Foreign functions of Envoy that a dynamic module can do, held against Envoy's Wasm engine: the host has none but `clear_route_cache`.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { compiledGuest } from "../guest-module.ts";
import { x } from "../host/calls.ts";
import { EXCHANGE, type Outcome } from "../host/exchange.ts";
import { EnvoyRunner } from "../host/on-envoy.ts";

const runners = {} as Record<WasmEngine, EnvoyRunner>;
beforeAll(async () => {
  const wasm = await compiledGuest("probe");
  for (const engine of ["wasm", "aot"] as const) runners[engine] = await EnvoyRunner.start(wasm, engine);
}, 60_000);
afterAll(() => Promise.all(Object.values(runners).map((runner) => runner.close())));

/** What the calls of a program answer. */
async function answers(engine: WasmEngine, program: string[]): Promise<string[]> {
  const { said } = await runners[engine].run(program, EXCHANGE, [], { said: [] } as unknown as Outcome);
  return said.flatMap((line) => /root: (\d+ (?:foreign|property) .*)/.exec(line)?.[1] ?? []);
}

/** `SetEnvoyFilterStateArguments` in protobuf, each field shorter than 128 bytes. */
const stateArguments = (path: string, value: string, span?: number): string =>
  `\x0a${String.fromCharCode(path.length)}${path}\x12${String.fromCharCode(value.length)}${value}` +
  (span === undefined ? "" : `\x18${String.fromCharCode(span)}`);
const setState = (callback: string, argument: string): string =>
  `${callback} foreign ${x("set_envoy_filter_state")} ${x(argument)}`;
const getState = (callback: string, path: string): string => `${callback} property ${x(`filter_state\0${path}`)}`;

const TIMEOUT = "envoy.tcp_proxy.per_connection_idle_timeout_ms";

describe("set_envoy_filter_state", () => {
  test.each<[string, string[], string[]]>([
    [
      "what it sets is seen, in later callbacks, too",
      [
        setState("request_headers", stateArguments("envoy.string", "hello")),
        getState("request_headers", "envoy.string"),
        getState("log", "envoy.string"),
      ],
      ["0 foreign 0 x", "1 property 0 x68656c6c6f", "2 property 0 x68656c6c6f"],
    ],
    [
      "what is set twice counts as it was set last",
      [
        setState("request_headers", stateArguments("envoy.string", "hello")),
        setState("request_headers", stateArguments("envoy.string", "")),
        getState("request_headers", "envoy.string"),
      ],
      ["0 foreign 0 x", "1 foreign 0 x", "2 property 0 x"],
    ],
    [
      "a value is made by Envoy's factory of that name",
      [setState("request_headers", stateArguments(TIMEOUT, "12")), getState("request_headers", TIMEOUT)],
      ["0 foreign 0 x", "1 property 0 x3132"],
    ],
    ["a name without a factory", [setState("request_headers", stateArguments("none", "1"))], ["0 foreign 1"]],
    ["no arguments", [setState("request_headers", "")], ["0 foreign 1"]],
    ["arguments that are no message", [setState("request_headers", "\x0a\x50abc")], ["0 foreign 2"]],
    ["without a stream", [setState("configure", stateArguments("envoy.string", "1"))], ["0 foreign 1"]],
  ])("%s", async (_, program, expected) => {
    expect(await answers("wasm", program)).toEqual(expected);
    expect(await answers("aot", program)).toEqual(expected);
  });

  // docs/aot.md names them.
  test.each([
    ["a span beyond the filter chain", stateArguments("envoy.string", "1", 2), "0 foreign 0 x", "0 foreign 12"],
    ["a value that the factory does not take", stateArguments(TIMEOUT, "abc"), "0 foreign 2", "0 foreign 1"],
  ])("%s is answered in another way ahead of time", async (_, argument, inV8, ahead) => {
    const program = [setState("request_headers", argument)];
    expect(await answers("wasm", program)).toEqual([inV8]);
    expect(await answers("aot", program)).toEqual([ahead]);
  });
});

test("what dynamic modules cannot do is not found", async () => {
  for (const name of ["compress", "uncompress", "expr_create", "declare_property", "verify_signature", "sign"]) {
    expect(await answers("aot", [`request_headers foreign ${x(name)} x`]), name).toEqual(["0 foreign 1"]);
  }
});
