import { Result } from "../abi.ts";
import type { PluginContext } from "../plugin-context.ts";
import { decodePairs } from "../pairs.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

export const outgoingCalls: CallTable = {
  proxy_http_call(
    vm: Vm,
    clusterAt: number,
    clusterSize: number,
    headersAt: number,
    headersSize: number,
    bodyAt: number,
    bodySize: number,
    trailersAt: number,
    trailersSize: number,
    timeout: number,
    tokenAt: number,
  ) {
    const places = [clusterAt, clusterSize, bodyAt, bodySize, headersAt, headersSize, trailersAt, trailersSize];
    return withTexts(vm, places, (cluster, body, headers, trailers) => {
      if (!vm.memory.writeU32(tokenAt, 0)) return Result.InvalidMemoryAccess;
      const call = { cluster: cluster!, headers: decodePairs(headers!), body: body!, trailers: decodePairs(trailers!) };
      const token = (vm.context.root as PluginContext).httpCalls.start({ ...call, timeout });
      if (token === undefined) return Result.BadArgument;
      vm.memory.writeU32(tokenAt, token);
      return Result.Ok;
    });
  },
  proxy_get_status(vm: Vm, codeAt: number, messageAt: number, sizeAt: number) {
    const { code, message } = vm.context.root.status;
    return given(vm.memory.writeU32(codeAt, code) && vm.give(message, messageAt, sizeAt));
  },
};
