// Several configurations of the headers filter in one VM, and one whose VM tells it nothing of streams.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Host, type Plugin } from "../../src/host/index.ts";
import { checkConfiguration } from "../../src/rules/check-module.ts";
import { capabilitiesOf } from "../../src/rules/render/capabilities.ts";
import { projectRoot } from "../guest-module.ts";

const wasm = readFileSync(join(projectRoot, "build/headers.wasm"));

function configuration(value: string): string {
  return JSON.stringify({
    rules: [
      {
        name: value,
        matches: [{ headers: [{ name: "x-in", value: "1" }] }],
        request: [{ set: { name: "x-out", value } }],
        response: [{ set: { name: "x-out", value: `${value} %REQ(x-in)%` } }],
      },
    ],
  });
}

function load(host: Host, value: string, capabilities?: string[]): Plugin {
  const options = { wasm, name: value, rootId: "headers", vmId: "shared", configuration: configuration(value) };
  return host.load({ ...options, ...(capabilities && { capabilities }) });
}

const REQUEST: [string, string][] = [
  [":method", "GET"],
  [":path", "/"],
  [":authority", "a.com"],
  ["x-in", "1"],
];

/** What the filter wrote into the request; the response is yet to come. */
function open(host: Host, plugin: Plugin) {
  const stream = host.openStream([plugin]);
  stream.sendRequestHeaders(REQUEST, true);
  const written = (lines: readonly (readonly [string, string])[]) => lines.find(([name]) => name === "x-out")?.[1];
  return {
    request: written([...stream.upstream!.headers]),
    respond: () => {
      stream.sendResponseHeaders([[":status", "200"]], true);
      const response = written([...stream.downstream!.headers]);
      stream.end();
      return response;
    },
  };
}

describe("plugins that share a VM", () => {
  test("each run their own rules, on streams that are open at the same time too", () => {
    const host = new Host();
    const one = load(host, "one");
    const two = load(host, "two");
    const streams = [open(host, one), open(host, two), open(host, one)];
    expect(streams.map(({ request }) => request)).toEqual(["one", "two", "one"]);
    expect(streams.toReversed().map(({ respond }) => respond())).toEqual(["one 1", "two 1", "one 1"]);
  });

  test("a stream that began when there was one keeps its rules when another comes", () => {
    const host = new Host();
    const one = load(host, "one");
    const before = open(host, one);
    const two = load(host, "two");
    const behind = open(host, two);
    expect([before.respond(), behind.respond()]).toEqual(["one 1", "two 1"]);
  });

  test("the other goes on when one ends, and what was counted is told", () => {
    const host = new Host();
    const one = load(host, "one");
    const two = load(host, "two");
    const stream = open(host, two);
    open(host, one).respond();
    one.end();
    expect(host.metrics.counters.get("headers.rules.one.applied")).toBe(2n);
    expect(stream.respond()).toBe("two 1");
    expect(open(host, two).request).toBe("two");
  });
});

describe("a VM whose allow-list has no proxy_on_context_create", () => {
  const capabilities = capabilitiesOf(checkConfiguration(configuration("one")).plan!);

  test("runs the rules with what they need and no more", () => {
    const host = new Host();
    const plugin = load(host, "one", capabilities);
    const streams = [1, 2, 3].map(() => open(host, plugin));
    expect(streams.map(({ request, respond }) => [request, respond()])).toEqual(
      Array.from({ length: 3 }, () => ["one", "one 1"]),
    );
    expect(host.traps).toEqual([]);
  });

  test("takes the same configuration twice", () => {
    const host = new Host();
    const plugins = [load(host, "one", capabilities), load(host, "one", capabilities)];
    const streams = plugins.map((plugin) => open(host, plugin));
    expect(streams.map(({ respond }) => respond())).toEqual(["one 1", "one 1"]);
  });

  test("takes no second configuration, which it could not tell from the first", () => {
    const host = new Host();
    load(host, "one", capabilities);
    expect(() => load(host, "two", capabilities)).toThrow("configuration");
    expect(host.logs.find(({ level }) => level === "error")!.message).toMatch(
      /^configuration refused at \$: expected a VM of its own for each configuration, found one that allows no/,
    );
  });
});

test("a configuration that ends, or is refused, leaves its memory to the next", () => {
  const host = new Host();
  const stays = load(host, "stays");
  const size = () => stays.memorySize;
  let before = 0;
  for (let i = 0; i < 300; i++) {
    const plugin = load(host, `passing ${i}`);
    expect(open(host, plugin).respond()).toBe(`passing ${i} 1`);
    plugin.end();
    if (i === 20) before = size();
  }
  expect(size()).toBe(before);
  expect(open(host, stays).respond()).toBe("stays 1");
});
