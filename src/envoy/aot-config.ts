import type { TypedConfig } from "./swap.ts";

const FILTER = "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter";
const PLUGIN = "type.googleapis.com/envoy.extensions.wasm.v3.PluginConfig";

/**
 * The dynamic-modules filter block that runs a library of `filterwright aot` in the place of a Wasm filter: its configuration is the Wasm
 * filter's own, but for the code.
 *
 * @param wasm the `typed_config` of a Wasm filter @param library path of the library, as Envoy sees it
 */
export function aotConfig(wasm: TypedConfig, library: string): TypedConfig {
  const { vm_config: vm, ...plugin } = wasm["config"] as { name: string; vm_config: object };
  const isCode = (field: string) => field === "code" || field === "runtime";
  return {
    "@type": FILTER,
    dynamic_module_config: {
      module: { local: { filename: library } },
      // Metrics have the names that Envoy's Wasm engine gives them.
      metrics_namespace: "wasmcustom",
    },
    filter_name: plugin.name,
    filter_config: {
      "@type": PLUGIN,
      ...plugin,
      vm_config: Object.fromEntries(Object.entries(vm).filter(([field]) => !isCode(field))),
    },
  };
}
