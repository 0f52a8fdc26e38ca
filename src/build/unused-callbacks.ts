import type { Module, Node, Parser } from "./asc-tree.ts";

// A callback that no class overrides is not exported: Envoy calls every callback that is there, and each call costs.

/** Callbacks that do nothing unless a class has one of these methods. */
const METHODS: Record<string, string[]> = {
  proxy_on_vm_start: ["onStart"],
  proxy_validate_configuration: ["validateConfiguration"],
  proxy_on_tick: ["onTick"],
  proxy_on_queue_ready: ["onQueueReady"],
  proxy_on_foreign_function: ["onForeignFunction"],
  proxy_on_request_headers: ["onRequestHeaders"],
  proxy_on_request_body: ["onRequestBody"],
  proxy_on_request_trailers: ["onRequestTrailers"],
  proxy_on_request_metadata: ["onRequestMetadata"],
  proxy_on_response_headers: ["onResponseHeaders"],
  proxy_on_response_body: ["onResponseBody"],
  proxy_on_response_trailers: ["onResponseTrailers"],
  proxy_on_response_metadata: ["onResponseMetadata"],
  proxy_on_new_connection: ["onNewConnection"],
  proxy_on_downstream_data: ["onDownstreamData"],
  proxy_on_upstream_data: ["onUpstreamData"],
  proxy_on_downstream_connection_close: ["onDownstreamConnectionClose"],
  proxy_on_upstream_connection_close: ["onUpstreamConnectionClose"],
  proxy_on_log: ["onLog"],
  proxy_on_done: ["onDone"],
  proxy_on_http_call_response: ["onHttpCallResponse"],
  proxy_on_grpc_receive_initial_metadata: ["on_grpc_receive_initial_metadata"],
  proxy_on_grpc_receive: ["on_grpc_receive"],
  proxy_on_grpc_receive_trailing_metadata: ["on_grpc_trailing_metadata"],
  proxy_on_grpc_close: ["on_grpc_close"],
  free: [],
};

/** Callbacks that the runtime itself needs where a module makes a certain host call. */
const NEEDED_BY: Record<string, RegExp> = {
  proxy_on_done: /^proxy_http_call$/,
  proxy_on_http_call_response: /^proxy_http_call$/,
  proxy_on_grpc_receive_initial_metadata: /^proxy_grpc_(call|stream)$/,
  proxy_on_grpc_receive: /^proxy_grpc_(call|stream)$/,
  proxy_on_grpc_receive_trailing_metadata: /^proxy_grpc_(call|stream)$/,
  proxy_on_grpc_close: /^proxy_grpc_(call|stream)$/,
};

const RUNTIME = "~lib/filterwright/assembly/runtime/";

export class UnusedCallbacks {
  private readonly methods = new Set<string>();

  /** All sources are parsed. A method of that name in any class counts: too many callbacks do no harm. */
  afterParse(parser: Parser): void {
    for (const source of parser.sources) {
      if (!source.normalizedPath.startsWith(RUNTIME)) this.collect([source]);
    }
  }

  /** The module is compiled, and not yet optimised. What only a dropped callback needs goes with it. */
  afterCompile(module: Module): void {
    const text = module.emitText();
    // A callback that the module brings itself stays.
    const ours = [...text.matchAll(/\(export "([^"]+)" \(func \$([^)\s]+)\)/g)].filter(([, , from]) =>
      from!.startsWith(RUNTIME),
    );
    const exported = new Set(ours.map(([, name]) => name!));
    const imported = [...text.matchAll(/\(import "env" "([^"]+)"/g)].map(([, name]) => name!);
    for (const [callback, methods] of Object.entries(METHODS)) {
      if (!exported.has(callback) || methods.some((method) => this.methods.has(method))) continue;
      const neededBy = NEEDED_BY[callback];
      if (!neededBy || !imported.some((name) => neededBy.test(name))) module.removeExport(callback);
    }
  }

  private collect(nodes: Node[]): void {
    for (const { members, statements } of nodes) {
      for (const inner of [members, statements]) {
        if (!Array.isArray(inner)) continue;
        for (const { name } of inner) if (name) this.methods.add(name.text);
        this.collect(inner); // classes in a namespace
      }
    }
  }
}
