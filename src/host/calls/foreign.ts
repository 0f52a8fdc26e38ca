import { Result } from "../abi.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, withTexts } from "./table.ts";

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
      if (name !== "clear_route_cache") return Result.NotFound;
      if (resultAt !== 0 && !vm.memory.writeU32(resultAt, 0)) return Result.InvalidMemoryAccess;
      if (resultSizeAt !== 0 && !vm.memory.writeU32(resultSizeAt, 0)) return Result.InvalidMemoryAccess;
      return Result.Ok;
    }),
};
