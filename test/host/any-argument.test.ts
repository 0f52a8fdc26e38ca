// What host calls answer and write into memory, whatever they are given, in a real Envoy and in the host.
import { expect, test } from "vitest";
import { Host } from "../../src/host/index.ts";
import { anyArgument, decode, LINES, saidInEnvoy } from "./any-argument.ts";

test("every host call answers the same, whatever it is given, in Envoy and in the host", async () => {
  const host = new Host();
  host.load({ wasm: anyArgument });
  const inHost = host.logs.map(({ message }) => decode(message));
  expect(inHost).toHaveLength(LINES);
  expect(inHost).toEqual(await saidInEnvoy((wasm) => Promise.resolve(wasm)));
});
