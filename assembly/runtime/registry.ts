import { BaseContext, Context } from "filterwright/assembly/runtime/context";
import { addContext, findContext } from "filterwright/assembly/runtime/context-table";
import { LogLevelValues } from "filterwright/assembly/runtime/enums";
import { log } from "filterwright/assembly/runtime/log";
import { getText } from "filterwright/assembly/runtime/property";
import { RootContext } from "filterwright/assembly/runtime/root-context";

/** A kind of plugin that the module has: how its root context is made, or only its streams' contexts. */
class Registration {
  makeRoot: ((context_id: u32) => RootContext) | null = null;
  makeContext: ((context_id: u32, root_context: RootContext) => Context) | null = null;

  constructor(readonly name: string) {}
}

const registrations: Registration[] = [];

/**
 * Makes a plugin known. Call it at the top level of a module, once for each kind of plugin that the module has.
 *
 * @param root_context_factory makes the plugin's root context
 * @param name the `root_id` of Envoy's configuration. An empty `root_id` there (Istio's WasmPlugin without a `pluginName`)
 *   means the only plugin, where there is only one.
 */
export function registerRootContext(root_context_factory: (context_id: u32) => RootContext, name: string): void {
  register(name).makeRoot = root_context_factory;
}

/**
 * The same for a filter that has nothing to do for the plugin as a whole, so that it needs no root context of its own:
 * `root_context.getConfiguration()` has the plugin's configuration.
 *
 * @param context_factory makes the context of a stream
 */
export function registerContext(
  context_factory: (context_id: u32, root_context: RootContext) => Context,
  name: string,
): void {
  register(name).makeContext = context_factory;
}

/** Makes the root context that Envoy asks for. */
export function createRootContext(context_id: u32): void {
  const root_id = getText("plugin_root_id");
  let registration = find(root_id);
  if (registration === null && root_id == "" && registrations.length == 1) registration = registrations[0];
  if (registration === null) {
    adopt(new UnknownRootContext(context_id, root_id), context_id);
    return;
  }
  const makeRoot = registration.makeRoot;
  const root = makeRoot !== null ? makeRoot(context_id) : new PlainRootContext(context_id, registration.makeContext!);
  adopt(root, context_id);
}

export function createContext(context_id: u32, root_context_id: u32): void {
  const root = findContext(root_context_id);
  if (root === null) return;
  adopt(changetype<RootContext>(root).createContext(context_id), context_id);
}

function register(name: string): Registration {
  let registration = find(name);
  if (registration === null) {
    registration = new Registration(name);
    registrations.push(registration);
  }
  return registration;
}

function find(name: string): Registration | null {
  for (let i = 0; i < registrations.length; i++) {
    if (registrations[i].name == name) return registrations[i];
  }
  return null;
}

/** The id is the host's, whatever a factory made of it. */
function adopt(context: BaseContext, context_id: u32): void {
  context.context_id = context_id;
  addContext(context);
}

/** For a plugin that `registerContext` made known. */
class PlainRootContext extends RootContext {
  constructor(
    context_id: u32,
    private readonly makeContext: (context_id: u32, root_context: RootContext) => Context,
  ) {
    super(context_id);
  }

  createContext(context_id: u32): Context {
    return this.makeContext(context_id, this);
  }
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
    let registered = "";
    for (let i = 0; i < registrations.length; i++) registered += ` "${registrations[i].name}"`;
    log(LogLevelValues.error, `no root context is registered for root_id "${this.root_id}"; registered:${registered}`);
    return false;
  }
}
