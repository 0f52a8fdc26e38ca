import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const plugin = (name: string, config: object, more: object = {}) => ({ name, config, ...more });

describe("a plugin's place decides which requests it is for", () => {
  const add = (value: string) => plugin("request-transformer", { add: { headers: [`x-a:${value}`] } });
  /** What each rule adds, and for which requests. */
  const scopes = (input: unknown) =>
    rulesOf("kong", input).map(({ matches, request: operations }) => [
      (operations as { addIfAbsent: { value: string } }[])[0]?.addIfAbsent.value,
      matches,
    ]);

  test("a route's goes before its service's, and that before a global one", () => {
    const config = {
      _format_version: "3.0",
      plugins: [
        add("global"),
        { ...add("by name"), route: "top" },
        { ...add("by id"), service: { id: "2" } },
        plugin("rate-limiting", {}),
      ],
      routes: [
        { name: "top", service: { name: "b" } },
        { name: "other", service: "b" },
      ],
      services: [
        { name: "a", plugins: [add("service")], routes: [{ name: "r1", plugins: [add("route")] }, { name: "r2" }] },
        { name: "b", id: "2" },
      ],
    };
    expect(scopes(config)).toEqual([
      ["by name", [{ routeNames: ["top"] }]],
      ["route", [{ routeNames: ["r1"] }]],
      ["by id", [{ routeNames: ["other"] }]],
      ["service", [{ routeNames: ["r2"] }]],
      ["global", [{ not: { routeNames: ["top", "r1", "other", "r2"] } }]],
    ]);
    expect(imported("kong", config).notes).toEqual([
      "routeNames: Envoy's routes must have the names of Kong's",
      "plugins[3]: left aside, rate-limiting is no transformer",
    ]);
  });

  test("the route's condition goes along into each rule that is made of the plugin", () => {
    const config = { add: { querystring: ["q:1"], headers: ["x-a:1"] } };
    const both = [
      plugin("request-transformer", config),
      plugin("response-transformer-advanced", { remove: { headers: ["a"], if_status: ["500"] } }),
    ];
    expect(
      rulesOf("kong", { routes: [{ name: "r", plugins: both }], plugins: [plugin("request-transformer", config)] }).map(
        ({ matches }) => matches,
      ),
    ).toEqual([
      [{ routeNames: ["r"], response: { status: [500] } }],
      [{ routeNames: ["r"] }],
      [{ routeNames: ["r"], queryParams: [{ name: "q", type: "Absent" }] }],
      [{ not: { routeNames: ["r"] } }],
      [{ not: { routeNames: ["r"] }, queryParams: [{ name: "q", type: "Absent" }] }],
    ]);
  });

  test("one that is not enabled, or has no route left, is left out with a note", () => {
    const config = {
      plugins: [{ ...add("off"), enabled: false }],
      services: [{ name: "a", plugins: [add("service")], routes: [{ name: "r", plugins: [add("route")] }] }],
    };
    expect(scopes(config)).toEqual([["route", [{ routeNames: ["r"] }]]]);
    expect(imported("kong", config).notes).toEqual([
      "routeNames: Envoy's routes must have the names of Kong's",
      "plugins[0]: left out, it is not enabled",
      "services[0].plugins[0]: left out, each of its routes has a request-transformer of its own",
    ]);
  });

  test("one for requests that rules do not know is refused", () => {
    const config = {
      plugins: [
        { ...add("1"), consumer: "c" },
        { ...add("2"), protocols: ["grpc"] },
        { ...add("3"), ordering: {} },
        { ...add("4"), route: "none" },
        { ...add("5"), route: "r", service: "s" },
        add("6"),
        add("7"),
        { ...add("8"), wat: 1 },
      ],
      routes: [{ plugins: [add("9")] }],
      consumers: [{ plugins: [add("10")] }],
    };
    expect(refused("kong", config)).toEqual([
      "plugins[3]: for a route that is not there",
      "plugins[4]: bound to a route and a service at once",
      "routes[0].plugins[0]: for a route without a name: give it one",
      "consumers[0].plugins[0]: a consumer's plugin: rules know no consumers",
      "plugins[0].consumer: rules know no consumers",
      "plugins[1].protocols: rules do not ask which protocol a request came by",
      "plugins[2].ordering: rules run in their own order",
      expect.stringMatching(/^plugins\[7\].wat: an unknown key/),
      "plugins[6]: a second request-transformer for the same requests: Kong runs one of them",
      "plugins[7]: a second request-transformer for the same requests: Kong runs one of them",
    ]);
  });

  test("a KongPlugin manifest is read, too", () => {
    const manifest = {
      apiVersion: "configuration.konghq.com/v1",
      kind: "KongPlugin",
      metadata: { name: "a" },
      plugin: "request-transformer",
      config: { add: { headers: ["x-a:1"] } },
    };
    expect(scopes(manifest)).toEqual([["1", undefined]]);
    expect(imported("kong", manifest).notes).toEqual([expect.stringMatching(/^a KongPlugin runs where an Ingress/)]);
    expect(refused("kong", { a: 1 })).toEqual(["the document: expected plugins of Kong, found none"]);
  });
});
