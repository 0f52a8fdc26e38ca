// Every path and name that modules of the published SDK import beside its index: they lead to our runtime.

export * from "@solo-io/proxy-runtime/assembly/exports";
import { Context, RootContext, registerRootContext } from "@solo-io/proxy-runtime/assembly";
import { free, malloc } from "@solo-io/proxy-runtime/assembly/malloc";
import {
  deleteContext,
  ensureContext,
  ensureRootContext,
  getContext,
  getRootContext,
} from "@solo-io/proxy-runtime/runtime";

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Context(context_id, this);
  }
}

registerRootContext((context_id) => new Root(context_id), "paths");

/** What a module that drives the runtime itself would do. @returns whether the context is there, and then is not */
export function drive(root_id: u32, id: u32): bool {
  const root = ensureRootContext(root_id);
  ensureContext(id, root_id);
  const isThere = getRootContext(root_id) === root && getContext(id).root_context === root;
  deleteContext(id);
  free(malloc(8));
  return isThere;
}
