import { Result } from "../abi.ts";
import type { PluginContext } from "../plugin-context.ts";
import type { Vm } from "../vm.ts";
import { type CallTable, given, withTexts } from "./table.ts";

export const sharedCalls: CallTable = {
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
};
