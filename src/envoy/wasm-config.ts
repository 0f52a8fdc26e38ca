import { resolve } from "node:path";
import type { TypedConfig } from "./swap.ts";

/** The type of a Wasm filter of HTTP streams. */
export const WASM = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

/**
 * The Wasm filter block that we run and recommend.
 *
 * @param vm fields of `vm_config` beside, or in place of, those that it has anyway
 */
export function wasmConfig(
  { wasm, rootId }: { wasm: string; rootId: string },
  configuration: string,
  vm: object = {},
): TypedConfig {
  return {
    "@type": WASM,
    config: {
      name: rootId,
      root_id: rootId,
      failure_policy: "FAIL_RELOAD",
      ...(configuration !== "" && {
        configuration: { "@type": "type.googleapis.com/google.protobuf.StringValue", value: configuration },
      }),
      vm_config: {
        vm_id: rootId,
        runtime: "envoy.wasm.runtime.v8",
        code: { local: { filename: resolve(wasm) } },
        ...vm,
      },
    },
  };
}
