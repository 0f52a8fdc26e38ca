import { BaseContext, Context } from "filterwright/assembly/runtime/context";
import { addContext, findContext } from "filterwright/assembly/runtime/contexts";
import { LogLevelValues } from "filterwright/assembly/runtime/enums";
import { log } from "filterwright/assembly/runtime/log";
import { pluginRootId } from "filterwright/assembly/runtime/property";
import { RootContext } from "filterwright/assembly/runtime/root-context";
import { quote } from "filterwright/assembly/text/format";

/** A kind of plugin that the module has. */
class Registration {
  /** Makes its root context. */
  makeRoot: ((context_id: u32) => RootContext) | null = null;
  /** Of a plugin without a root context of its own: makes the contexts of its streams. */
  makeContext: ((context_id: u32, root_context: RootContext) => Context) | null = null;

  constructor(
    readonly name: string,
    readonly before: Registration | null,
  ) {}
}

/** The latest. */
let registrations: Registration | null = null;
/** That of the plugin whose root context is being made. */
let asked: Registration | null = null;

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
  const registration = register(name);
  registration.makeRoot = (context_id) => new PlainRootContext(context_id, asked);
  registration.makeContext = context_factory;
}

/** Makes the root context that Envoy asks for. Without one, every callback of the plugin does nothing, and `onConfigure` refuses. */
export function createRootContext(context_id: u32): void {
  const root_id = pluginRootId();
  const only = registrations;
  const registration = root_id == "" && only !== null && only.before === null ? only : find(root_id);
  asked = registration;
  const makeRoot = registration !== null ? registration.makeRoot : null;
  if (makeRoot !== null) adopt(makeRoot(context_id), context_id);
  else logUnknown(root_id);
}

export function createContext(context_id: u32, root_context_id: u32): void {
  const root = findContext(root_context_id);
  if (root === null) return;
  adopt(changetype<RootContext>(root).createContext(context_id), context_id);
}

function register(name: string): Registration {
  let registration = find(name);
  if (registration === null) {
    registration = new Registration(name, registrations);
    registrations = registration;
  }
  return registration;
}

function find(name: string): Registration | null {
  let registration = registrations;
  while (registration !== null && registration.name != name) registration = registration.before;
  return registration;
}

/** The id is the host's, whatever a factory made of it; one object may stand for several streams. */
function adopt(context: BaseContext, context_id: u32): void {
  context.context_id = context_id;
  addContext(context_id, context);
}

function logUnknown(root_id: string): void {
  let registered = "";
  let known = registrations;
  while (known !== null) {
    registered = " " + quote(known.name) + registered;
    known = known.before;
  }
  const unknown = quote(root_id);
  log(LogLevelValues.error, "no root context is registered for root_id " + unknown + "; registered:" + registered);
}

/** For a plugin that `registerContext` made known. */
class PlainRootContext extends RootContext {
  constructor(
    context_id: u32,
    private readonly registration: Registration | null,
  ) {
    super(context_id);
  }

  createContext(context_id: u32): Context {
    return this.registration!.makeContext!(context_id, this);
  }
}
