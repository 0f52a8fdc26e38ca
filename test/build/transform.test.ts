import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { compile } from "../../src/build/compile.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";

/** Names of a module's imports and exports. */
function interfaceOf(file: string): { imports: string[]; exports: string[] } {
  const module = new WebAssembly.Module(readFileSync(file));
  return {
    imports: WebAssembly.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`),
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
  };
}

/** Those of test/guest that test/e2e runs. */
const E2E_GUESTS = ["kinds", "roles", "flow"];

const ALWAYS = [
  "_initialize",
  "malloc",
  "memory",
  "proxy_abi_version_0_2_1",
  "proxy_on_configure",
  "proxy_on_context_create",
  "proxy_on_delete",
];

/** What Envoy registers for a module of ABI 0.2.1. */
const HOST_CALLS = `log get_log_level get_status get_property set_property get_current_time_nanoseconds
  set_tick_period_milliseconds add_header_map_value replace_header_map_value get_header_map_value remove_header_map_value
  get_header_map_pairs set_header_map_pairs get_header_map_size get_buffer_bytes get_buffer_status set_buffer_bytes
  continue_stream close_stream send_local_response http_call grpc_call grpc_stream grpc_cancel grpc_close grpc_send
  get_shared_data set_shared_data register_shared_queue resolve_shared_queue enqueue_shared_queue dequeue_shared_queue
  define_metric increment_metric record_metric get_metric set_effective_context done call_foreign_function`
  .split(/\s+/)
  .map((name) => `env.proxy_${name}`);
const WASI = ["environ_get", "environ_sizes_get", "random_get"].map((name) => `wasi_snapshot_preview1.${name}`);

test("a module exports the callbacks that its classes override, and those that every module needs", async () => {
  for await (const { name, file } of build({ root: projectRoot })) {
    const ticks = name === "headers" ? ["proxy_on_tick"] : [];
    expect(interfaceOf(join(projectRoot, file)).exports.sort()).toEqual(
      [...ALWAYS, "proxy_on_request_headers", "proxy_on_response_headers", ...ticks].sort(),
    );
  }
});

test("the module of a filter with a configuration of its own is at most 10 KiB", async () => {
  const built = await Array.fromAsync(build({ root: projectRoot, filters: ["add-header", "remove-header"] }));
  expect(Math.max(...built.map(({ size }) => size))).toBeLessThanOrEqual(10 * 1024);
});

test("the module of the headers filter is at most 64 KiB", async () => {
  const [headers] = await Array.fromAsync(build({ root: projectRoot, filters: ["headers"] }));
  expect(headers!.size).toBeLessThanOrEqual(64 * 1024);
});

test("callbacks that answer calls are there where a module makes calls", async () => {
  const { exports } = interfaceOf(await compiledGuest("roles"));
  const ofGrpc = [
    "proxy_on_grpc_close",
    "proxy_on_grpc_receive",
    "proxy_on_grpc_receive_initial_metadata",
    "proxy_on_grpc_receive_trailing_metadata",
  ];
  const ofTcp = [
    "proxy_on_downstream_connection_close",
    "proxy_on_downstream_data",
    "proxy_on_new_connection",
    "proxy_on_upstream_connection_close",
    "proxy_on_upstream_data",
  ];
  expect(exports.sort()).toEqual(
    [...ALWAYS, ...ofGrpc, ...ofTcp, "proxy_on_done", "proxy_on_log", "proxy_on_request_headers"].sort(),
  );
  expect(interfaceOf(await compiledGuest("kinds")).exports).toEqual(
    expect.arrayContaining(["proxy_on_http_call_response", "proxy_on_done", "proxy_on_tick", "proxy_on_queue_ready"]),
  );
});

test("no module imports what Envoy does not have", async () => {
  const files = await Promise.all(E2E_GUESTS.map(compiledGuest));
  for await (const { file } of build({ root: projectRoot })) files.push(join(projectRoot, file));
  for (const file of files) {
    expect(interfaceOf(file).imports.filter((name) => ![...HOST_CALLS, ...WASI].includes(name))).toEqual([]);
  }
});

test("the filters that run on a real Envoy in test/e2e have every callback between them, and make every host call", async () => {
  const seen = (await Promise.all(E2E_GUESTS.map(compiledGuest))).map(interfaceOf);
  const plain = await compile({
    root: projectRoot,
    entry: "assembly/filters/add-header.ts",
    outFile: "plain.wasm",
    config: join(projectRoot, "asconfig.json"),
    target: "release",
    transforms: false,
  });
  mkdirSync(join(projectRoot, "build/test"), { recursive: true });
  writeFileSync(join(projectRoot, "build/test/plain.wasm"), plain.outputs.get("plain.wasm")!);
  const all = interfaceOf(join(projectRoot, "build/test/plain.wasm")).exports;
  const missing = all.filter((name) => !seen.some(({ exports }) => exports.includes(name)));
  // Envoy never calls these: `free` is the published SDK's, a foreign function that calls back is none of Envoy's own.
  expect(missing.sort()).toEqual(["free", "proxy_on_foreign_function", "proxy_validate_configuration"]);
  expect(all.length).toBe(33);
  expect([...HOST_CALLS, ...WASI].filter((name) => !seen.some(({ imports }) => imports.includes(name)))).toEqual([]);
});

test("a callback that a module brings itself stays", async () => {
  const { exports } = interfaceOf(await compiledGuest("own-callback"));
  expect(exports).toContain("proxy_on_request_headers");
});
