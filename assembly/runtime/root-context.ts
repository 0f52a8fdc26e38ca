import {
  GrpcHandler,
  HttpCallback,
  HttpCallbackFunction,
  startGrpcCall,
  startGrpcStream,
  startHttpCall,
} from "filterwright/assembly/runtime/calls";
import { get_buffer_bytes, get_buffer_text } from "filterwright/assembly/runtime/buffer";
import { BaseContext, Context } from "filterwright/assembly/runtime/context";
import { findContext } from "filterwright/assembly/runtime/contexts";
import { BufferTypeValues, GrpcStatusValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { Headers } from "filterwright/assembly/runtime/pairs";
import { proxy_set_effective_context } from "filterwright/assembly/runtime/stream";
import {
  expectGrpcAnswer,
  expectHttpAnswer,
  findGrpcCall,
  forgetGrpcCall,
  takeHttpCall,
  takeHttpCallsOf,
} from "filterwright/assembly/runtime/pending-calls";
import { done as host_done } from "filterwright/assembly/runtime/system";

/** One plugin: its configuration, its timers and calls, and the maker of its streams' contexts. */
export class RootContext extends BaseContext {
  private configuration_: string = "";

  constructor(context_id: u32) {
    super(context_id);
  }

  /** The plugin configuration as text; empty without one. */
  getConfiguration(): string {
    return this.configuration_;
  }

  /** The plugin configuration as bytes. Only in `onConfigure`: Envoy keeps it no longer. */
  getConfigurationBytes(): ArrayBuffer {
    return get_buffer_bytes(BufferTypeValues.PluginConfiguration, 0, u32.MAX_VALUE);
  }

  /** Makes the context of a stream. A filter that looks at streams overrides it. */
  createContext(context_id: u32): Context {
    return new Context(context_id, this);
  }

  /** Forgets all calls under way; each callback whose stream is there hears of it as of an answer without headers. */
  cancelPendingRequests(): void {
    let call = takeHttpCallsOf(this);
    while (call !== null) {
      const origin = call.origin_context;
      if (findContext(origin.context_id) === origin) call.cb(origin, 0, 0, 0);
      call = call.next;
    }
  }

  /** For a control plane that wants to know; Envoy does not ask. */
  validateConfiguration(configuration_size: usize): bool {
    return true;
  }

  /** @returns false to refuse the configuration: Envoy keeps the one before */
  onConfigure(configuration_size: u32): bool {
    this.configuration_ = get_buffer_text(BufferTypeValues.PluginConfiguration, 0, configuration_size);
    return true;
  }

  /** The VM starts. @returns false to refuse it */
  onStart(vm_configuration_size: usize): bool {
    return true;
  }

  onTick(): void {}

  /** There is something in a queue that this plugin registered. */
  onQueueReady(token: u32): void {}

  /** A foreign function has something to say. */
  onForeignFunction(function_id: u32, data_size: u32): void {}

  onDone(): bool {
    this.cancelPendingRequests();
    return true;
  }

  /** Tells Envoy that we may end now, after an `onDone` that answered false. */
  done(): void {
    host_done();
  }

  /**
   * Sends an HTTP request to a cluster. The answer's headers, body and trailers are to be had only in the callback:
   * `stream_context.headers.http_callback`, `BufferTypeValues.HttpCallResponseBody`.
   *
   * @param headers `:method`, `:path` and `:authority` are needed, else `BadArgument`
   * @param timeout_milliseconds 0 for none
   * @param origin_context host calls in the callback act on its stream; where that is gone, no callback comes
   * @param cb headers 0 means that the call failed
   */
  httpCall(
    cluster: string,
    headers: Headers,
    body: ArrayBuffer,
    trailers: Headers,
    timeout_milliseconds: u32,
    origin_context: BaseContext,
    cb: (origin_context: Context, headers: u32, body_size: usize, trailers: u32) => void,
  ): WasmResultValues {
    const result = startHttpCall(cluster, headers, body, trailers, timeout_milliseconds);
    if (result == WasmResultValues.Ok) {
      expectHttpAnswer(this, new HttpCallback(origin_context, changetype<HttpCallbackFunction>(cb)));
    }
    return result;
  }

  onHttpCallResponse(token: u32, headers: u32, body_size: u32, trailers: u32): void {
    const call = takeHttpCall(token);
    if (call === null) return;
    const origin = call.origin_context;
    if (findContext(origin.context_id) !== origin) return;
    proxy_set_effective_context(origin.context_id);
    call.cb(origin, headers, body_size, trailers);
  }

  /**
   * Calls a gRPC method that takes one message and gives one.
   *
   * @param service a cluster's name, or a serialised `envoy.config.core.v3.GrpcService`
   * @param service_name such as `helloworld.Greeter`
   */
  grpcCall(
    service: string,
    service_name: string,
    method: string,
    metadata: Headers,
    message: ArrayBuffer,
    timeout_milliseconds: u32,
    handler: GrpcHandler,
  ): WasmResultValues {
    const result = startGrpcCall(service, service_name, method, metadata, message, timeout_milliseconds);
    handler.isCall = true;
    if (result == WasmResultValues.Ok) expectGrpcAnswer(this, handler);
    return result;
  }

  /** Opens a gRPC stream: `handler.send` writes, its callbacks read. */
  grpcStream(
    service: string,
    service_name: string,
    method: string,
    metadata: Headers,
    handler: GrpcHandler,
  ): WasmResultValues {
    const result = startGrpcStream(service, service_name, method, metadata);
    if (result == WasmResultValues.Ok) expectGrpcAnswer(this, handler);
    return result;
  }

  on_grpc_receive_initial_metadata(token: u32, headers: u32): void {
    const handler = findGrpcCall(token);
    if (handler !== null) handler.onInitialMetadata(headers);
  }

  on_grpc_trailing_metadata(token: u32, trailers: u32): void {
    const handler = findGrpcCall(token);
    if (handler !== null) handler.onTrailingMetadata(trailers);
  }

  on_grpc_receive(token: u32, response_size: u32): void {
    const handler = findGrpcCall(token);
    if (handler === null) return;
    if (handler.isCall) forgetGrpcCall(token);
    handler.onMessage(response_size);
    if (handler.isCall) handler.onClose(GrpcStatusValues.Ok);
  }

  on_grpc_close(token: u32, status_code: u32): void {
    const handler = findGrpcCall(token);
    if (handler === null) return;
    forgetGrpcCall(token);
    handler.onClose(status_code);
  }
}
