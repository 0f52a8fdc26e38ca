// Every callback that Envoy can call. `export * from "filterwright/assembly/proxy"` in a filter's entry file makes them
// the module's; `filterwright build` then leaves out those that no class overrides, for each costs a call.

export * from "filterwright/assembly/runtime/exports/lifecycle";
export * from "filterwright/assembly/runtime/exports/completion";
export * from "filterwright/assembly/runtime/exports/plugin";
export * from "filterwright/assembly/runtime/exports/headers";
export * from "filterwright/assembly/runtime/exports/stream";
export * from "filterwright/assembly/runtime/exports/calls";
export * from "filterwright/assembly/runtime/exports/tcp";
