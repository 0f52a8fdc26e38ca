// The types of filterwright/host and filterwright/vitest, as they are published, in a project that checks libraries and knows no
// browser.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { projectRoot } from "../guest-module.ts";

const folder = join(projectRoot, "build/test/declarations");
const installed = join(folder, "node_modules");
const tsc = join(projectRoot, "node_modules/.bin/tsc");

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(installed, "filterwright"), { recursive: true });
  cpSync(join(projectRoot, "package.json"), join(installed, "filterwright/package.json"));
  const dist = join(installed, "filterwright/dist");
  execFileSync(tsc, ["-p", "tsconfig.build.json", "--emitDeclarationOnly", "--outDir", dist], { cwd: projectRoot });
  for (const name of ["vitest", "yaml", "@types"])
    symlinkSync(join(projectRoot, "node_modules", name), join(installed, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
}, 60_000);

/** What the compiler says of a program. @param flags beside the strictest ones */
function check(program: string, ...flags: string[]): string {
  writeFileSync(join(folder, "program.ts"), program);
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--noEmit"];
  const target = ["--module", "nodenext", "--target", "es2023", "--lib", "es2023", "--ignoreConfig"];
  return spawnSync(tsc, [...strict, ...target, ...flags, "program.ts"], { cwd: folder, encoding: "utf8" }).stdout;
}

test("the host needs nothing of Node, nor of a browser", () => {
  const program = `import { type Attribute, Group, type HeaderMap, Host, type HostOptions, type HttpCallRequest, type LocalReply,
  type MetricStore, ModuleCache, Proxy, type ProxyOptions, type Shared, type SharedValue, type StreamEnds } from "filterwright/host";

export function run(wasm: Uint8Array, options: { now?: Date | undefined; modules?: ModuleCache | undefined }): number | undefined {
  const host = new Host(options satisfies HostOptions);
  const plugin = host.load({ wasm, name: undefined });
  // @ts-expect-error the host's own
  plugin.context;
  return new Proxy(host, [plugin], { upstream: { status: 201 } }).send().response?.status;
}
export type All = [Attribute, Group, HeaderMap, HttpCallRequest, LocalReply, MetricStore, ProxyOptions, Shared, SharedValue, StreamEnds];
`;
  expect(check(program, "--types", "")).toBe("");
});

test("the test kit's types come with its matchers, and options can be handed on", () => {
  const program = `import { expect } from "vitest";
import { type BackendName, type Exchange, type Filter, type FilterOptions, type HttpCall, type LogLine, loadFilter, loadFilters,
  type Plugin, type ProxyExchange, type Wanted } from "filterwright/vitest";

export const gate = (options: { now?: Date | undefined } & FilterOptions): Filter =>
  loadFilter("gate", { config: "on", now: options.now, upstream: options.upstream });
export function check(filter: Filter): void {
  const exchange: Exchange = filter.open({ path: undefined }).sendBody(new Uint8Array(1), true);
  expect(exchange.response).not.toHaveHeaderLine("x-a", /b/);
  // @ts-expect-error a status is a number
  expect(exchange.response).toHaveStatus("200");
  expect(filter.httpCalls[0]).toHaveBody("");
  loadFilters([{ module: "a" }, { module: new Uint8Array(), vmId: "vm" }], { strict: [] });
}
export type All = [BackendName, HttpCall, LogLine, Plugin, ProxyExchange, Wanted];
`;
  expect(check(program, "--types", "node")).toBe("");
});
