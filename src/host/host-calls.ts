import { BufferType, LogLevel, MapType, Result, StreamType } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import type { PluginContext } from "./plugin-context.ts";
import { decodePairs, encodePairs } from "./pairs.ts";
import type { Vm } from "./vm.ts";

// The host calls of ABI 0.2.1, each in the order of checks of proxy-wasm-cpp-host's exports.cc: what is out of range, then
// memory, then what the context makes of it. Parameters are numbers of 32 bits, taken without a sign where one says so.

/** Reads texts out of memory, two numbers each, and answers InvalidMemoryAccess where one is not in it. */
function withTexts(vm: Vm, places: number[], then: (...texts: ByteString[]) => number): number {
  const texts: ByteString[] = [];
  for (let i = 0; i < places.length; i += 2) {
    const text = vm.memory.read(places[i]!, places[i + 1]!);
    if (text === undefined) return Result.InvalidMemoryAccess;
    texts.push(text);
  }
  return then(...texts);
}

const given = (isGiven: boolean): number => (isGiven ? Result.Ok : Result.InvalidMemoryAccess);
const isMap = (type: number): boolean => type >>> 0 <= MapType.HttpCallResponseTrailers;
const isBuffer = (type: number): boolean => type >>> 0 <= BufferType.CallData;

function writeMap(
  vm: Vm,
  type: number,
  places: number[],
  write: (map: NonNullable<ReturnType<Vm["context"]["mapToWrite"]>>, ...texts: ByteString[]) => void,
): number {
  if (!isMap(type)) return Result.BadArgument;
  return withTexts(vm, places, (...texts) => {
    const map = vm.context.mapToWrite(type);
    if (!map) return Result.BadArgument;
    write(map, ...texts);
    return Result.Ok;
  });
}

export const hostCalls: Record<string, (vm: Vm, ...args: any[]) => number | void> = {
  pthread_equal: (_vm: Vm, left: number, right: number) => (left === right ? 1 : 0),
  emscripten_notify_memory_growth: () => {},

  proxy_log(vm: Vm, level: number, at: number, size: number) {
    if (level >>> 0 >= LogLevel.length) return Result.BadArgument;
    return withTexts(vm, [at, size], (message) => {
      if (level >= vm.services.logLevel()) vm.services.log(LogLevel[level]!, vm.logPrefix, message);
      return Result.Ok;
    });
  },
  proxy_get_log_level: (vm: Vm, at: number) => given(vm.memory.writeU32(at, vm.services.logLevel())),

  proxy_get_status(vm: Vm, codeAt: number, messageAt: number, sizeAt: number) {
    const { code, message } = vm.context.root.status;
    return given(vm.memory.writeU32(codeAt, code) && vm.give(message, messageAt, sizeAt));
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

  proxy_get_current_time_nanoseconds: (vm: Vm, at: number) => given(vm.memory.writeU64(at, vm.services.now())),
  proxy_set_tick_period_milliseconds(vm: Vm, period: number) {
    (vm.context.root as PluginContext).setTickPeriod(period >>> 0);
    return Result.Ok;
  },

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
        status: status >>> 0,
        details: details!.replace(/[ \t\n\v\f\r]/g, "_"),
        body: body!,
        headers: decodePairs(pairs!),
        grpcStatus: grpcStatus >>> 0 <= 16 ? grpcStatus : undefined,
      });
      vm.isIterationStopped = true;
      return Result.Ok;
    });
  },

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
      const token = (vm.context.root as PluginContext).httpCall({ ...call, timeout });
      if (token === undefined) return Result.BadArgument;
      vm.memory.writeU32(tokenAt, token);
      return Result.Ok;
    });
  },

  proxy_get_shared_data(vm: Vm, at: number, size: number, valueAt: number, sizeAt: number, casAt: number) {
    return withTexts(vm, [at, size], (key) => {
      const found = vm.services.shared.get(vm.options.vmId, key!);
      if (!found) return Result.NotFound;
      return given(vm.give(found.value, valueAt, sizeAt) && vm.memory.writeU32(casAt, found.cas));
    });
  },
  proxy_set_shared_data: (vm: Vm, at: number, size: number, valueAt: number, valueSize: number, cas: number) =>
    withTexts(vm, [at, size, valueAt, valueSize], (key, value) =>
      vm.services.shared.set(vm.options.vmId, key!, value!, cas >>> 0),
    ),
  proxy_register_shared_queue: (vm: Vm, at: number, size: number, tokenAt: number) =>
    withTexts(vm, [at, size], (name) => {
      const root = vm.context.root as PluginContext;
      const onReady = (token: number) => root.queueReady(token);
      return given(vm.memory.writeU32(tokenAt, vm.services.shared.registerQueue(vm.options.vmId, name!, onReady)));
    }),
  proxy_resolve_shared_queue: (vm: Vm, vmAt: number, vmSize: number, at: number, size: number, tokenAt: number) =>
    withTexts(vm, [vmAt, vmSize, at, size], (vmId, name) => {
      const token = vm.services.shared.resolveQueue(vmId === "" ? vm.options.vmId : vmId!, name!);
      return token === undefined ? Result.NotFound : given(vm.memory.writeU32(tokenAt, token));
    }),
  proxy_enqueue_shared_queue: (vm: Vm, token: number, at: number, size: number) =>
    withTexts(vm, [at, size], (item) => vm.services.shared.enqueue(token >>> 0, item!)),
  proxy_dequeue_shared_queue(vm: Vm, token: number, at: number, sizeAt: number) {
    const item = vm.services.shared.dequeue(token >>> 0);
    return typeof item === "number" ? item : given(vm.give(item, at, sizeAt));
  },

  proxy_define_metric: (vm: Vm, type: number, at: number, size: number, idAt: number) =>
    withTexts(vm, [at, size], (name) => {
      const defined = vm.metrics.define(type >>> 0, name!);
      return "error" in defined ? defined.error : given(vm.memory.writeU32(idAt, defined.id));
    }),
  proxy_increment_metric: (vm: Vm, id: number, offset: bigint) => vm.metrics.increment(id >>> 0, offset),
  proxy_record_metric: (vm: Vm, id: number, value: bigint) => vm.metrics.record(id >>> 0, BigInt.asUintN(64, value)),
  proxy_get_metric(vm: Vm, id: number, at: number) {
    const metric = vm.metrics.get(id >>> 0);
    return "error" in metric ? metric.error : given(vm.memory.writeU64(at, metric.value));
  },

  proxy_set_effective_context: (vm: Vm, id: number) =>
    vm.setEffectiveContext(id >>> 0) ? Result.Ok : Result.BadArgument,
  proxy_done: (vm: Vm) => (vm.context.root as PluginContext).done(),

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
