import { Result, StreamType } from "../abi.ts";
import { decodePairs } from "../pairs.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

export const streamsCalls: CallTable = {
  proxy_continue_stream: (vm: Vm, type: number) =>
    type >>> 0 > StreamType.Upstream ? Result.BadArgument : vm.context.continueStream(type),
  proxy_close_stream: (vm: Vm, type: number) =>
    type >>> 0 > StreamType.Upstream ? Result.BadArgument : vm.context.closeStream(type),
  proxy_send_local_response(
    vm: Vm,
    status: number,
    detailsAt: number,
    detailsSize: number,
    bodyAt: number,
    bodySize: number,
    pairsAt: number,
    pairsSize: number,
    grpcStatus: number,
  ) {
    return withTexts(vm, [detailsAt, detailsSize, bodyAt, bodySize, pairsAt, pairsSize], (details, body, pairs) => {
      vm.context.sendLocalReply({
        status: status & 0xffff, // Envoy's `Http::Code` has two bytes
        details: details!.replace(/[ \t\n\v\f\r]/g, "_"),
        body: body!,
        headers: decodePairs(pairs!),
        grpcStatus: grpcStatus >>> 0 <= 16 ? grpcStatus : undefined,
      });
      vm.isIterationStopped = true;
      return Result.Ok;
    });
  },
  proxy_get_property: (vm: Vm, at: number, size: number, valueAt: number, sizeAt: number) =>
    withTexts(vm, [at, size], (path) => {
      if (path === "") return Result.SerializationFailure;
      // A NUL at the end is tolerated.
      const value = vm.context.property(path!.replace(/\0$/, "").split("\0"));
      return typeof value === "number" ? value : given(vm.give(value, valueAt, sizeAt));
    }),
  proxy_set_property: (vm: Vm, at: number, size: number, valueAt: number, valueSize: number) =>
    withTexts(vm, [at, size, valueAt, valueSize], (path, value) => vm.context.setProperty(path!, value!)),
};
