import { BaseContext } from "filterwright/assembly/runtime/context";
import { IdTable } from "filterwright/assembly/runtime/id-table";

/** Every context that Envoy has made and not yet deleted: of plugins and of streams. */
const contexts: IdTable = new IdTable();

/** @returns null for an id that is not there */
export function findContext(id: u32): BaseContext | null {
  return changetype<BaseContext | null>(contexts.find(id));
}

export function addContext(id: u32, context: BaseContext): void {
  contexts.add(id, context);
}

export function removeContext(id: u32): void {
  contexts.remove(id);
}
