import { FilterwrightError } from "../../errors.ts";
import { Result } from "../abi.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, withTexts } from "./table.ts";

/** What Envoy 1.40 registers and this host does not have. */
const NOT_HERE = new Set(
  "compress uncompress set_envoy_filter_state expr_create expr_evaluate expr_delete declare_property verify_signature sign".split(
    " ",
  ),
);

export const foreignCalls: CallTable = {
  proxy_call_foreign_function: (
    vm: Vm,
    at: number,
    size: number,
    argumentAt: number,
    argumentSize: number,
    resultAt: number,
    resultSizeAt: number,
  ) =>
    withTexts(vm, [at, size, argumentAt, argumentSize], (name) => {
      if (NOT_HERE.has(name!)) {
        throw new FilterwrightError("FW_HOST_CALL", `this host does not have Envoy's foreign function ${name}`);
      }
      if (name !== "clear_route_cache") return Result.NotFound;
      if (resultAt !== 0 && !vm.memory.writeU32(resultAt, 0)) return Result.InvalidMemoryAccess;
      if (resultSizeAt !== 0 && !vm.memory.writeU32(resultSizeAt, 0)) return Result.InvalidMemoryAccess;
      return Result.Ok;
    }),
};
