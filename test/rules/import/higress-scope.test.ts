import { describe, expect, test } from "vitest";
import { refused, rulesOf } from "./imported.ts";

const rule = (operate: string, ...headers: object[]) => ({ operate, headers });

describe("the requests that a configuration is for", () => {
  const remove = (key: string) => ({ reqRules: [rule("remove", { key })] });

  test("are those of the first of _rules_ that matches, else of the one around them", () => {
    const config = {
      _rules_: [
        { _match_route_: ["r1", "r2"], ...remove("a") },
        { _match_domain_: ["*.example.com", "b.example"], ...remove("b") },
      ],
      ...remove("c"),
    };
    const onRoutes = [{ routeNames: ["r1", "r2"] }];
    const onHosts = [{ hostnames: ["*.example.com", "b.example"] }];
    expect(rulesOf("higress", config)).toEqual([
      { name: "transformer-rules-0-request", matches: onRoutes, request: [{ remove: "a" }] },
      { name: "transformer-rules-0-end", matches: onRoutes, stop: true },
      { name: "transformer-rules-1-request", matches: onHosts, request: [{ remove: "b" }] },
      { name: "transformer-rules-1-end", matches: onHosts, stop: true },
      { name: "transformer-request", request: [{ remove: "c" }] },
    ]);
  });

  test("stand in a WasmPlugin, too", () => {
    const manifest = (spec: object) => ({ kind: "WasmPlugin", metadata: { name: "My Plugin" }, spec });
    const matchRules = [
      { ingress: ["ns/r"], config: remove("a") },
      { domain: ["*"], config: remove("b"), routeType: "HTTP" },
      { domain: ["x"], config: remove("x"), configDisable: true },
    ];
    expect(
      rulesOf(
        "higress",
        manifest({ url: "oci://x", defaultConfig: remove("c"), defaultConfigDisable: true, matchRules }),
      ),
    ).toEqual([
      { name: "my-plugin-rules-0-request", matches: [{ routeNames: ["ns/r"] }], request: [{ remove: "a" }] },
      { name: "my-plugin-rules-0-end", matches: [{ routeNames: ["ns/r"] }], stop: true },
      { name: "my-plugin-rules-1-request", request: [{ remove: "b" }] },
    ]);
    expect(rulesOf("higress", manifest({ defaultConfig: remove("c") }))).toHaveLength(1);
    const service = { service: ["s.dns"], config: remove("a") };
    expect(refused("higress", manifest({ matchRules: [service, { config: { rules: [] } }] }))).toEqual([
      "spec.matchRules[1].config.rules: an unknown key; known are reqRules, respRules, reroute",
      "spec.matchRules[0].service: rules have no such condition: they know routes and hosts",
      "spec.matchRules[1]: expected routes or domains that it is for, found 0 of them",
    ]);
  });

  test("are refused where rules have no such condition", () => {
    const config = {
      _rules_: [
        { _match_route_prefix_: ["a"], ...remove("a") },
        { _match_domain_: ["www.*"], ...remove("a") },
        { _match_domain_: ["a"], _match_route_: ["b"], ...remove("a") },
        { _match_route_: [], ...remove("a") },
      ],
    };
    expect(refused("higress", config)).toEqual([
      "_rules_[0]._match_route_prefix_: rules have no such condition: they know routes and hosts",
      '_rules_[1]._match_domain_[0]: expected a host, or *. and a host, found "www.*"',
      "_rules_[2]: expected routes or domains that it is for, found 2 of them",
      "_rules_[3]._match_route_: expected some names",
    ]);
    const writesHost = { _match_domain_: ["a"], reqRules: [rule("replace", { key: ":authority", newValue: "b" })] };
    expect(refused("higress", { _rules_: [writesHost] })).toEqual([
      expect.stringMatching(/^_rules_\[0\].reqRules\[0\].headers\[0\]: :authority where _match_domain_ decides/),
    ]);
  });

  test("are one plugin's where it has several configurations", () => {
    const scoped = JSON.stringify({ _rules_: [{ _match_route_: ["r"], ...remove("a") }] });
    const plain = JSON.stringify(remove("b"));
    expect(refused("higress", `${scoped}\n---\n${plain}`)).toEqual([
      "document 2: behind a plugin with configurations of its own for some requests: it would end with those",
    ]);
    expect(rulesOf("higress", `${plain}\n---\n${scoped}`).map(({ name }) => name)).toEqual([
      "transformer-request",
      "transformer-rules-0-request",
    ]);
  });
});
