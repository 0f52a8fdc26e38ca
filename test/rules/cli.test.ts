// What people do with a rules file on the command line: check it, render it, run it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../guest-module.ts";

const MAIN = join(projectRoot, "src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "filterwright-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

function filterwright(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  return { stdout: stdout.replaceAll(`${folder}/`, ""), stderr: stderr.replaceAll(`${folder}/`, ""), status };
}

const good = file(
  "good.yaml",
  `rules:
  - name: demo
    request: [{ set: { name: x-a, value: "1" } }, { remove: x-internal }]
    response: [{ remove: x-powered-by }]
`,
);
const conditional = file(
  "conditional.yaml",
  `rules:
  - name: tenant
    matches: [{ hostnames: ["*.example.com"] }]
    request: [{ set: { name: x-tenant, value: "%REQ(:authority)|sha256%" } }]
`,
);
const bad = file(
  "bad.yaml",
  `rules:
  - request:
      - set: { name: x-a, valeu: 1 }
      - remove: connection
strategy: first
`,
);

describe("filterwright check RULES", () => {
  test("takes good rules", () => {
    expect(filterwright("check", good)).toEqual({ stdout: "good.yaml: fine; 1 rule\n", stderr: "", status: 0 });
  });

  test("shows every mistake with line, column, path and caret", () => {
    const { stdout, status } = filterwright("check", bad);
    expect(stdout).toBe(`bad.yaml: 4 errors
bad.yaml:5:11: error: strategy: expected one of all, firstMatch, found "first"
   5 | strategy: first
     |           ^
bad.yaml:3:27: error: rules[0].request[0].set: expected one of name, value, values, keepEmptyValue, found the key "valeu"
   3 |       - set: { name: x-a, valeu: 1 }
     |                           ^
bad.yaml:3:14: error: rules[0].request[0].set: expected either value or values
   3 |       - set: { name: x-a, valeu: 1 }
     |              ^
bad.yaml:4:17: error: rules[0].request[1].remove: connection may not be changed: it belongs to the connection
   4 |       - remove: connection
     |                 ^
`);
    expect(status).toBe(1);
  });

  test("shows what is around a mistake in a long line, and takes aliases of aliases for a mistake", () => {
    const long = JSON.stringify({ rules: Array.from({ length: 300 }, () => ({ request: [{ remov: "x" }] })) });
    expect(filterwright("check", file("long.json", long)).stdout.length).toBeLessThan(300_000);
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let i = 0; i < 8; i++)
      bomb.push(`${"bcdefghij"[i]}: &${"bcdefghij"[i]} [${Array(9).fill(`*${"abcdefghi"[i]}`).join(", ")}]`);
    const { stdout, status } = filterwright("check", file("bomb.yaml", `${bomb.join("\n")}\n`));
    expect(stdout).toContain("Excessive alias count");
    expect(status).toBe(1);
  });

  test("shows where a number is that has too many digits", () => {
    const { stdout } = filterwright(
      "check",
      file("digits.yaml", "rules:\n  - percent: 12.3456789012345678\n    request: [{ remove: x }]\n"),
    );
    expect(stdout).toContain(
      "digits.yaml:2:14: error: rules[0].percent: expected a number from 0 to 100 with at most two decimals, found 12.345678901234567\n",
    );
  });

  test("shows what is no YAML", () => {
    const { stdout, status } = filterwright("check", file("broken.yaml", "rules: [\n"));
    expect(stdout).toContain("broken.yaml:2:1: error: $: Flow sequence in block collection must be");
    expect(status).toBe(1);
  });

  test("warns of identities that a client can send, of adds that make no line, and of rules that are never reached", () => {
    const { stdout, status } = filterwright(
      "check",
      file(
        "warned.yaml",
        `rules:
  - request: [{ copy: { from: x-login, to: x-user } }, { add: { name: via, value: a } }]
    stop: true
  - request: [{ remove: x-auth-a }]
`,
      ),
    );
    expect(stdout.split("\n").filter((line) => line.includes("warning"))).toEqual([
      "warned.yaml: 3 warnings; 2 rules",
      "warned.yaml:2:15: warning: rules[0].request[0]: a client can send x-user itself, and copy may let that go on: remove it first",
      "warned.yaml:2:56: warning: rules[0].request[1]: add makes no second line of via: Envoy joins it to the one that is there, as old,new",
      "warned.yaml:4:5: warning: rules[1]: it is never reached: rules[0] matches every request and ends the pass",
    ]);
    expect(status).toBe(0);
  });

  test("warns of what does nothing, and of what does something else than it says", () => {
    const text = `rules:
  - percent: 0
    request:
      - set: { name: x-a, value: "" }
      - append: { name: cookie, value: "a=1" }
      - set: { name: x-b, value: "%REQ(a)|default(%REQ(b)%)%" }
  - { matches: [{}], stop: true }
  - request: [{ remove: x-a }]
`;
    const { stdout } = filterwright("check", file("odd.yaml", text));
    expect(stdout.split("\n").filter((line) => line.includes("warning:"))).toEqual([
      "odd.yaml:4:9: warning: rules[0].request[0]: it does nothing: its value is empty",
      "odd.yaml:5:9: warning: rules[0].request[1]: cookies are parted by semicolons: the operation cookie sets one",
      "odd.yaml:6:9: warning: rules[0].request[2]: %REQ(b)% stands in a pipe's argument, where it is text and no operator",
      "odd.yaml:8:5: warning: rules[2]: it is never reached: rules[1] matches every request and ends the pass",
      "odd.yaml:2:5: warning: rules[0]: it never matches: its percent is 0",
    ]);
  });

  test("warns of the map form at the map", () => {
    const text = "rules: [{ request: { add: { x-user: a } } }]\n";
    expect(filterwright("check", file("map.yaml", text)).stdout).toContain(
      "map.yaml:1:20: warning: rules[0].request: a client can send x-user itself",
    );
  });

  test("does not warn where the name was removed for all requests before", () => {
    const text = `rules:
  - request: [{ remove: { prefix: x-user } }]
  - matches: [{ path: { value: /a } }]
    request: [{ copy: { from: x-login, to: x-user } }]
`;
    expect(filterwright("check", file("removed.yaml", text)).stdout).toBe("removed.yaml: fine; 2 rules\n");
  });

  test("prints JSON for programs", () => {
    const [result] = JSON.parse(filterwright("check", "--json", bad).stdout) as [
      { isFine: boolean; findings: object[] },
    ];
    expect(result.isFine).toBe(false);
    expect(result.findings[0]).toMatchObject({ severity: "error", path: "strategy", place: { line: 5, column: 11 } });
  });
});

describe("filterwright render", () => {
  const rendered = (...args: string[]) => {
    const { stdout, stderr, status } = filterwright("render", ...args);
    expect({ stderr, status }).toEqual({ stderr: expect.any(String) as string, status: 0 });
    return { filter: (parse(stdout) as [{ name: string; typed_config: unknown }])[0], notes: stderr };
  };

  test("writes a Wasm filter with a VM of its own, that may do what the rules need and no more", () => {
    const { filter, notes } = rendered(good, "--wasm", "/etc/envoy/headers.wasm");
    expect(notes).toBe("engine: wasm, which adds about 24,000 instructions to a request\n");
    expect(filter).toEqual({
      name: "envoy.filters.http.wasm",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        config: {
          name: "headers",
          root_id: "headers",
          failure_policy: "FAIL_RELOAD",
          configuration: {
            "@type": "type.googleapis.com/google.protobuf.StringValue",
            value: expect.stringMatching(/^\{"rules":\[\{"name":"demo"/) as string,
          },
          vm_config: {
            vm_id: expect.stringMatching(/^headers-[0-9a-f]{16}$/) as string,
            runtime: "envoy.wasm.runtime.v8",
            code: { local: { filename: "/etc/envoy/headers.wasm" } },
          },
          capability_restriction_config: {
            allowed_capabilities: {
              proxy_define_metric: {},
              proxy_get_buffer_bytes: {},
              proxy_get_log_level: {},
              proxy_increment_metric: {},
              proxy_log: {},
              proxy_on_configure: {},
              proxy_on_delete: {},
              proxy_on_request_headers: {},
              proxy_on_response_headers: {},
              proxy_on_tick: {},
              proxy_remove_header_map_value: {},
              proxy_replace_header_map_value: {},
              proxy_set_tick_period_milliseconds: {},
            },
          },
        },
      },
    });
  });

  test("writes texts that Envoy's YAML takes for texts", () => {
    const odd = ["on", "NO", "y", "~", "012", "1:30", "1e3", "0x1", "null", "=", "2026-11-21"];
    const rules = { rules: [{ request: odd.map((value, i) => ({ set: { name: `x-${i}`, value } })) }] };
    const { stdout } = filterwright("render", file("odd.json", JSON.stringify(rules)), "--engine", "native");
    const [filter] = parse(stdout, { version: "1.1" }) as [
      { typed_config: { mutations: { request_mutations: object[] } } },
    ];
    const values = filter.typed_config.mutations.request_mutations.map(
      (mutation) => (mutation as { append: { header: { value: unknown } } }).append.header.value,
    );
    expect(values).toEqual(odd);
  });

  test("names the variables that secrets are read from", () => {
    const text = `secrets: { key: { env: SIGNING_KEY } }
rules: [{ request: [{ set: { name: x-a, value: "%REQ(x)|hmac(key)%" } }] }]
`;
    const { filter } = rendered(file("secret.yaml", text));
    expect(filter.typed_config).toMatchObject({
      config: { vm_config: { environment_variables: { host_env_keys: ["SIGNING_KEY"] } } },
    });
  });

  test("takes the cheapest engine that is exact, says why not the others, and what is different", () => {
    const { filter, notes } = rendered(good, "--engine", "auto");
    expect(filter.name).toBe("envoy.filters.http.header_mutation");
    expect(notes).toContain("not chosen: wasm would add about 24,000 instructions\n");
    expect(notes).toContain("unlike wasm: there are no counters headers.rules.NAME.*\n");
    const other = rendered(conditional, "--engine", "auto");
    expect(other.filter.name).toBe("envoy.filters.http.wasm");
    expect(other.notes).toContain(
      "not chosen: native cannot do it: tenant: matches: header_mutation has no conditions",
    );
    expect(other.notes).toMatch(/not chosen: lua cannot do it: tenant: .*sha256/);
  });

  test("refuses what an engine cannot do, by rule and reason", () => {
    const { stdout, stderr, status } = filterwright("render", conditional, "--engine", "native");
    expect(stdout).toBe("");
    expect(stderr).toContain("error FW_RENDER: native cannot do exactly what conditional.yaml asks for\n");
    expect(stderr).toContain("  rules[0]: tenant: matches: header_mutation has no conditions\n");
    expect(status).toBe(1);
  });

  test("refuses rules with mistakes, all of them shown", () => {
    const { stderr, status } = filterwright("render", bad);
    expect(stderr).toContain("error FW_RULES: bad.yaml has 4 mistakes\n  bad.yaml:5:11: error: strategy:");
    expect(status).toBe(1);
  });

  test.for([
    [["--engine", "nginx"], "expected one of wasm, aot, lua, native, auto after --engine, found nginx"],
    [["--envoy-version", "1.35.2"], "expected a version of Envoy from 1.36 on after --envoy-version, found 1.35.2"],
  ] as const)("%j is not understood", ([args, message]) => {
    const { stderr, status } = filterwright("render", good, ...args);
    expect(stderr).toContain(`error FW_USAGE: ${message}\n`);
    expect(status).toBe(2);
  });
});

test.for(["host", "wasm"])("filterwright run RULES runs them on %s", async (on) => {
  const child = spawn(process.execPath, [MAIN, "run", good, "--on", on, "--port", "0"], { cwd: projectRoot });
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  try {
    await expect.poll(() => said, { timeout: 20_000 }).toContain("Control-C ends it.");
    const [url] = /http:\S+\//.exec(said)!;
    const response = await fetch(url, { headers: { "x-internal": "1" } });
    const { headers } = (await response.json()) as { headers: [string, string][] };
    expect(headers).toContainEqual(["x-a", "1"]);
    expect(headers.map(([name]) => name)).not.toContain("x-internal");
    expect(response.headers.get("x-powered-by")).toBeNull();
  } finally {
    child.kill("SIGINT");
    await once(child, "exit");
  }
});
