import { BufferType, Result } from "../abi.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

const isBuffer = (type: number): boolean => type >>> 0 <= BufferType.CallData;

export const buffersCalls: CallTable = {
  proxy_get_buffer_bytes(vm: Vm, type: number, start: number, length: number, at: number, sizeAt: number) {
    if (!isBuffer(type)) return Result.BadArgument;
    const body = vm.context.body(type);
    if (!body) return Result.NotFound;
    const from = start >>> 0; // the sum cannot overflow: the host counts in 64 bits
    return given(vm.give(body.bytes.slice(from, from + (length >>> 0)), at, sizeAt));
  },
  proxy_get_buffer_status(vm: Vm, type: number, lengthAt: number, flagsAt: number) {
    if (!isBuffer(type)) return Result.BadArgument;
    const body = vm.context.body(type);
    if (!body) return Result.NotFound;
    return given(vm.memory.writeU32(lengthAt, body.bytes.length) && vm.memory.writeU32(flagsAt, 0));
  },
  proxy_set_buffer_bytes(vm: Vm, type: number, start: number, length: number, at: number, size: number) {
    if (!isBuffer(type)) return Result.BadArgument;
    const body = vm.context.body(type);
    if (!body) return Result.NotFound;
    return withTexts(vm, [at, size], (bytes) => {
      if (!body.isMutable) return Result.BadArgument;
      const before = body.bytes;
      if (start === 0) body.bytes = bytes! + before.slice(length >>> 0);
      else if (start >>> 0 >= before.length) body.bytes = before + bytes!;
      else return Result.BadArgument;
      return Result.Ok;
    });
  },
};
