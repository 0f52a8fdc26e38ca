import { BaseContext, Context } from "filterwright/assembly/runtime/context";
import { addContext, findContext } from "filterwright/assembly/runtime/context-table";
import { LogLevelValues } from "filterwright/assembly/runtime/enums";
import { log } from "filterwright/assembly/runtime/log";
import { getText } from "filterwright/assembly/runtime/property";
import { RootContext } from "filterwright/assembly/runtime/root-context";

const names: string[] = [];
const factories: ((context_id: u32) => RootContext)[] = [];

/**
 * Makes a plugin known. Call it at the top level of a module, once for each kind of plugin that the module has.
 *
 * @param root_context_factory makes the plugin's root context
 * @param name the `root_id` of Envoy's configuration. An empty `root_id` there (Istio's WasmPlugin without a `pluginName`)
 *   means the only plugin, where there is only one.
 */
export function registerRootContext(root_context_factory: (context_id: u32) => RootContext, name: string): void {
  const index = names.indexOf(name);
  if (index >= 0) {
    factories[index] = root_context_factory;
    return;
  }
  names.push(name);
  factories.push(root_context_factory);
}

/** Makes the root context that Envoy asks for. */
export function createRootContext(context_id: u32): void {
  const root_id = getText("plugin_root_id");
  let index = names.indexOf(root_id);
  if (index < 0 && root_id == "" && names.length == 1) index = 0;
  const root = index >= 0 ? factories[index](context_id) : new UnknownRootContext(context_id, root_id);
  adopt(root, context_id);
}

export function createContext(context_id: u32, root_context_id: u32): void {
  const root = findContext(root_context_id);
  if (root === null) return;
  adopt(changetype<RootContext>(root).createContext(context_id), context_id);
}

/** The id is the host's, whatever a factory made of it. */
function adopt(context: BaseContext, context_id: u32): void {
  context.context_id = context_id;
  addContext(context);
}

/** Stands for a plugin that nobody registered: the configuration is refused, and no VM traps. */
class UnknownRootContext extends RootContext {
  constructor(
    context_id: u32,
    private readonly root_id: string,
  ) {
    super(context_id);
  }

  onConfigure(configuration_size: u32): bool {
    const registered = names.length > 0 ? `"${names.join('", "')}"` : "none";
    log(LogLevelValues.error, `no root context is registered for root_id "${this.root_id}"; registered: ${registered}`);
    return false;
  }

  createContext(context_id: u32): Context {
    return new Context(context_id, this);
  }
}
