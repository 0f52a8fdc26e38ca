import { resolve } from "node:path";
import { type HttpFilter, readBootstrap } from "../envoy/bootstrap.ts";
import { FilterwrightError } from "../errors.ts";
import type { PluginOptions } from "../host/index.ts";
import type { EnvoySetup, FilterSetup } from "./case-file.ts";

// What the TypeScript host runs in the place of an Envoy's filters.

type ReadModule = (file: string) => Uint8Array;

/** The plugin that `wasmConfig` makes for an Envoy. */
export function filterPlugin({ wasm, rootId }: FilterSetup, configuration: string, read: ReadModule): PluginOptions {
  return { wasm: read(wasm), name: rootId, rootId, vmId: rootId, failurePolicy: "FAIL_RELOAD", configuration };
}

/** `envoy.extensions.wasm.v3.PluginConfig`, as far as the host knows it. */
interface PluginConfig {
  name?: string;
  root_id?: string;
  failure_policy?: NonNullable<PluginOptions["failurePolicy"]>;
  allow_on_headers_stop_iteration?: boolean;
  configuration?: { "@type": string; value?: string };
  capability_restriction_config?: { allowed_capabilities?: object };
  vm_config: {
    vm_id?: string;
    configuration?: { "@type": string; value?: string };
    environment_variables?: { key_values?: Record<string, string> };
    code: { local?: { filename?: string } };
  };
}

/**
 * The Wasm filters of an Envoy configuration, in their order.
 *
 * @throws FilterwrightError FW_CASE_FILE for a filter that the host cannot run, and what `readBootstrap` throws
 */
export function bootstrapPlugins({ files }: EnvoySetup, read: ReadModule): PluginOptions[] {
  const file = files.wasm!;
  const [listener] = readBootstrap(file).static_resources.listeners;
  const filters = listener?.filter_chains[0]?.filters[0]?.typed_config.http_filters ?? [];
  return filters
    .filter(({ name }) => name !== "envoy.filters.http.router")
    .map((filter) => pluginOf(filter, file, read));
}

function pluginOf({ name, typed_config: typed }: HttpFilter, file: string, read: ReadModule): PluginOptions {
  const wasm = typed as { "@type"?: string; config?: PluginConfig } | undefined;
  const fail = (what: string) =>
    new FilterwrightError("FW_CASE_FILE", `${file}: the host cannot run the filter ${name}: ${what}`);
  if (!wasm?.["@type"]?.endsWith("envoy.extensions.filters.http.wasm.v3.Wasm") || !wasm.config)
    throw fail("expected a Wasm filter");
  const { config } = wasm;
  const { vm_config: vm } = config;
  const filename = vm.code.local?.filename;
  if (filename === undefined) throw fail("expected vm_config.code.local.filename");
  const capabilities = config.capability_restriction_config?.allowed_capabilities;
  return {
    wasm: read(resolve(filename)),
    name: config.name ?? "",
    rootId: config.root_id ?? "",
    vmId: vm.vm_id ?? "",
    configuration: textOf(config.configuration, fail),
    vmConfiguration: textOf(vm.configuration, fail),
    environment: vm.environment_variables?.key_values ?? {},
    failurePolicy: config.failure_policy ?? "FAIL_CLOSED",
    allowOnHeadersStopIteration: config.allow_on_headers_stop_iteration ?? false,
    ...(capabilities && { capabilities: Object.keys(capabilities) }),
  };
}

/** Envoy gives the bytes of a StringValue or BytesValue; anything else would come as a serialised message. */
function textOf(any: PluginConfig["configuration"], fail: (what: string) => Error): string | Uint8Array {
  const type = any?.["@type"];
  if (type === undefined) return "";
  const value = any?.value ?? "";
  if (type.endsWith("google.protobuf.StringValue")) return value;
  if (type.endsWith("google.protobuf.BytesValue")) return Buffer.from(value, "base64");
  throw fail(`expected a configuration in a StringValue or BytesValue, found ${type}`);
}
