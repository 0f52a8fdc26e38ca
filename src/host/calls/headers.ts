import { MapType, Result } from "../abi.ts";
import type { ByteString } from "../bytes.ts";
import type { HeaderMap } from "../header-map.ts";
import { decodePairs, encodePairs } from "../pairs.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

const isMap = (type: number): boolean => type >>> 0 <= MapType.HttpCallResponseTrailers;

function writeMap(
  vm: Vm,
  type: number,
  places: number[],
  write: (map: HeaderMap, ...texts: ByteString[]) => void,
): number {
  if (!isMap(type)) return Result.BadArgument;
  return withTexts(vm, places, (...texts) => {
    const map = vm.context.mapToWrite(type);
    if (!map) return Result.BadArgument;
    write(map, ...texts);
    return Result.Ok;
  });
}

export const headersCalls: CallTable = {
  proxy_add_header_map_value: (vm: Vm, type: number, ...places: number[]) =>
    writeMap(vm, type, places, (map, name, value) => map.add(name!, value!)),
  proxy_replace_header_map_value: (vm: Vm, type: number, ...places: number[]) =>
    writeMap(vm, type, places, (map, name, value) => map.replace(name!, value!)),
  proxy_remove_header_map_value: (vm: Vm, type: number, ...places: number[]) =>
    writeMap(vm, type, places, (map, name) => map.remove(name!)),
  proxy_set_header_map_pairs: (vm: Vm, type: number, ...places: number[]) =>
    writeMap(vm, type, places, (map, bytes) => {
      map.clear();
      for (const [name, value] of decodePairs(bytes!)) map.add(name, value);
    }),
  proxy_get_header_map_value(vm: Vm, type: number, at: number, size: number, valueAt: number, sizeAt: number) {
    if (!isMap(type)) return Result.BadArgument;
    return withTexts(vm, [at, size], (name) => {
      const map = vm.context.mapToRead(type);
      if (!map) return vm.context.isLogging ? Result.NotFound : Result.BadArgument;
      const value = map.get(name!);
      return value === undefined ? Result.NotFound : given(vm.give(value, valueAt, sizeAt));
    });
  },
  proxy_get_header_map_pairs(vm: Vm, type: number, at: number, sizeAt: number) {
    if (!isMap(type)) return Result.BadArgument;
    const pairs = vm.context.mapToRead(type)?.pairs() ?? [];
    return given(vm.give(pairs.length === 0 ? "" : encodePairs(pairs), at, sizeAt));
  },
  proxy_get_header_map_size(vm: Vm, type: number, at: number) {
    if (!isMap(type)) return Result.BadArgument;
    const map = vm.context.mapToWrite(type);
    return map ? given(vm.memory.writeU32(at, map.byteSize)) : Result.BadArgument;
  },
};
