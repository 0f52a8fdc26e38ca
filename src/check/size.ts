import { type Limits, Section, type WasmModule } from "../host/wasm-module.ts";

/** Bytes. */
export interface ModuleSize {
  total: number;
  code: number;
  data: number;
  /** Custom sections: nothing that runs. */
  custom: { name: string; size: number }[];
  /** Functions have names, which a trap's backtrace in Envoy's log shows. */
  hasNames: boolean;
  /** The first memory, in pages of 64 KiB. */
  memory: Omit<Limits, "isShared"> | undefined;
}

export function sizeOf(bytes: Uint8Array, module: WasmModule | undefined): ModuleSize {
  const { sections = [], memories: [memory] = [] } = module ?? {};
  const of = (id: number) => sections.find((section) => section.id === id)?.size ?? 0;
  const custom = sections.filter(({ id }) => id === Section.Custom).map(({ name, size }) => ({ name, size }));
  const { isShared: _, ...limits } = memory ?? { initial: 0, isShared: false };
  return {
    total: bytes.length,
    code: of(Section.Code),
    data: of(Section.Data),
    custom,
    hasNames: custom.some(({ name }) => name === "name"),
    memory: memory && limits,
  };
}
