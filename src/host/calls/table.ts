import { Result } from "../abi.ts";
import type { ByteString } from "../bytes.ts";
import type { Vm } from "../vm.ts";

/**
 * Host calls by name. Parameters are numbers of 32 bits, taken without a sign where a call says so, and bigints of 64.
 * Checks come in the order of proxy-wasm-cpp-host's exports.cc: what is out of range, then memory, then the context's own.
 */
export type CallTable = Record<string, (vm: Vm, ...args: any[]) => number | void>;

/** Reads texts out of memory, two numbers each. @returns InvalidMemoryAccess where one is not in it */
export function withTexts(vm: Vm, places: number[], then: (...texts: ByteString[]) => number): number {
  const texts: ByteString[] = [];
  for (let i = 0; i < places.length; i += 2) {
    const text = vm.memory.read(places[i]!, places[i + 1]!);
    if (text === undefined) return Result.InvalidMemoryAccess;
    texts.push(text);
  }
  return then(...texts);
}

/** What a call answers that writes results to the module's memory. */
export const given = (isGiven: boolean): number => (isGiven ? Result.Ok : Result.InvalidMemoryAccess);
