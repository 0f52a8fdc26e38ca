import { createHash } from "node:crypto";
import { wasmConfig } from "../../envoy/wasm-config.ts";
import type { TypedConfig } from "../../envoy/swap.ts";
import type { Plan } from "../plan.ts";
import { capabilitiesOf } from "./capabilities.ts";

/**
 * The filter's configuration for Envoy: the module, the rules as JSON, and what it may do and no more.
 *
 * Each configuration has a VM of its own: the allow-list is the VM's, and so is the filter's speed, which does not have to ask
 * whose a stream is.
 *
 * @param configuration the rules as JSON
 * @param wasm path of headers.wasm, as Envoy will see it
 */
export function renderWasm(plan: Plan, configuration: string, wasm: string): TypedConfig {
  const digest = createHash("sha256").update(configuration).digest("hex").slice(0, 16);
  const environment = [...new Set(plan.needs.environment)];
  const rendered = wasmConfig({ wasm, rootId: "headers" }, configuration, {
    vm_id: `headers-${digest}`,
    code: { local: { filename: wasm } },
    ...(environment.length > 0 && { environment_variables: { host_env_keys: environment } }),
  });
  const capabilities = Object.fromEntries(capabilitiesOf(plan).map((name) => [name, {}]));
  const config = rendered["config"] as object;
  return { ...rendered, config: { ...config, capability_restriction_config: { allowed_capabilities: capabilities } } };
}
