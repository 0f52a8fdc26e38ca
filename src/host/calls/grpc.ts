import { Result } from "../abi.ts";
import type { GrpcCalls } from "../grpc-calls.ts";
import { decodePairs } from "../pairs.ts";
import type { PluginContext } from "../plugin-context.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, withTexts } from "./table.ts";

const callsOf = (vm: Vm): GrpcCalls => (vm.context.root as PluginContext).grpcCalls;

/** Writes the token of a call that has begun. */
function giveToken(vm: Vm, token: number | { error: Result }, tokenAt: number): number {
  if (typeof token !== "number") return token.error;
  return vm.memory.writeU32(tokenAt, token) ? Result.Ok : Result.InvalidMemoryAccess;
}

export const grpcCalls: CallTable = {
  proxy_grpc_call(vm: Vm, ...args: number[]) {
    const [timeout, tokenAt] = args.slice(10) as [number, number];
    return withTexts(vm, args.slice(0, 10), (service, name, method, metadata, message) =>
      giveToken(
        vm,
        callsOf(vm).call({
          target: service!,
          service: name!,
          method: method!,
          metadata: decodePairs(metadata!),
          message: message!,
          timeout: timeout >>> 0,
        }),
        tokenAt,
      ),
    );
  },
  proxy_grpc_stream(vm: Vm, ...args: number[]) {
    return withTexts(vm, args.slice(0, 8), (service, name, method, metadata) =>
      giveToken(
        vm,
        callsOf(vm).open({ target: service!, service: name!, method: method!, metadata: decodePairs(metadata!) }),
        args[8]!,
      ),
    );
  },
  proxy_grpc_send: (vm: Vm, token: number, at: number, size: number, isEnd: number) =>
    withTexts(vm, [at, size], (message) => callsOf(vm).send(token >>> 0, message!, isEnd !== 0)),
  proxy_grpc_close: (vm: Vm, token: number) => callsOf(vm).close(token >>> 0),
  proxy_grpc_cancel: (vm: Vm, token: number) => callsOf(vm).cancel(token >>> 0),
};
