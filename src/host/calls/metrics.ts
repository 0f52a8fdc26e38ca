import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

export const metricsCalls: CallTable = {
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
};
