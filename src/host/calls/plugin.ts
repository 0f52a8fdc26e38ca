import { LogLevel, Result } from "../abi.ts";
import type { PluginContext } from "../plugin-context.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

export const pluginCalls: CallTable = {
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
  proxy_get_current_time_nanoseconds: (vm: Vm, at: number) => given(vm.memory.writeU64(at, vm.services.now())),
  proxy_set_tick_period_milliseconds(vm: Vm, period: number) {
    (vm.context.root as PluginContext).setTickPeriod(period >>> 0);
    return Result.Ok;
  },
  proxy_set_effective_context: (vm: Vm, id: number) =>
    vm.setEffectiveContext(id >>> 0) ? Result.Ok : Result.BadArgument,
  proxy_done: (vm: Vm) => (vm.context.root as PluginContext).done(),
};
