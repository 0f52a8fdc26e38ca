import { BufferType, MapType, Result } from "./abi.ts";
import { type ByteString, expectBytes, expectPairs } from "./bytes.ts";
import { grpcCluster } from "./grpc-service.ts";
import { HeaderMap } from "./header-map.ts";
import type { Pair } from "./pairs.ts";
import type { PluginContext } from "./plugin-context.ts";

/** What a plugin asks for by `proxy_grpc_stream`. */
export interface GrpcStreamRequest {
  /** A cluster's name, or an `envoy.config.core.v3.GrpcService` in bytes. */
  target: ByteString;
  service: ByteString;
  method: ByteString;
  metadata: Pair[];
}

/** What a plugin asks for by `proxy_grpc_call`. */
export interface GrpcCallRequest extends GrpcStreamRequest {
  message: ByteString;
  /** Milliseconds; 0 for none. */
  timeout: number;
}

/** A gRPC call or stream that a plugin has begun. Nobody answers it but whoever drives the host. */
export class GrpcCall {
  readonly kind: "call" | "stream";
  readonly token: number;
  readonly cluster: string;
  readonly service: ByteString;
  readonly method: ByteString;
  readonly metadata: Pair[];
  /** What the plugin has sent. */
  readonly messages: ByteString[] = [];
  /** Milliseconds; 0 for none. */
  readonly timeout: number;
  /** `closed`: the plugin will send no more. `cancelled`: it wants no answer. `done`: it has its answer. */
  state: "open" | "closed" | "cancelled" | "done" = "open";
  readonly #calls: GrpcCalls;

  /** @internal */
  constructor(
    kind: "call" | "stream",
    token: number,
    cluster: string,
    request: GrpcStreamRequest,
    timeout: number,
    calls: GrpcCalls,
  ) {
    this.kind = kind;
    this.token = token;
    this.cluster = cluster;
    this.service = request.service;
    this.method = request.method;
    this.metadata = request.metadata;
    this.timeout = timeout;
    this.#calls = calls;
  }

  /** The server's message: drives `proxy_on_grpc_receive`. A call has its answer by it. */
  respond(message: ByteString): void {
    expectBytes(message);
    this.#calls.event(() => this.#calls.receive(this, message));
  }

  /** Of a stream: drives `proxy_on_grpc_receive_initial_metadata`. */
  sendInitialMetadata(metadata: readonly Pair[]): void {
    expectPairs(metadata);
    this.#calls.event(() => this.#calls.receiveMetadata(this, "initial", metadata));
  }

  /** Of a stream: drives `proxy_on_grpc_receive_trailing_metadata`. */
  sendTrailingMetadata(metadata: readonly Pair[]): void {
    expectPairs(metadata);
    this.#calls.event(() => this.#calls.receiveMetadata(this, "trailing", metadata));
  }

  /** The end of a stream, or the failure of a call: drives `proxy_on_grpc_close`. @param status of gRPC; 0 is OK */
  close(status: number, message: ByteString = ""): void {
    expectBytes(message);
    this.#calls.event(() => this.#calls.finish(this, status, message));
  }
}

/** @internal The gRPC calls and streams of one plugin: Envoy's `Context::grpcCall` and what is around it. */
export class GrpcCalls {
  private readonly plugin: PluginContext;
  private readonly calls = new Map<number, GrpcCall>();
  private metadata: { initial?: HeaderMap; trailing?: HeaderMap } = {};
  private message: ByteString | undefined;

  constructor(plugin: PluginContext) {
    this.plugin = plugin;
  }

  /** @returns its token, or why there is none */
  call(request: GrpcCallRequest): number | { error: Result } {
    const call = this.begin("call", request, request.timeout);
    if (!(call instanceof GrpcCall)) return call;
    call.messages.push(request.message);
    call.state = "closed";
    this.plugin.vm.services.onGrpcCall(call);
    return call.token;
  }

  /** @returns the stream's token, or why there is none */
  open(request: GrpcStreamRequest): number | { error: Result } {
    const call = this.begin("stream", request, 0);
    if (!(call instanceof GrpcCall)) return call;
    this.plugin.vm.services.onGrpcCall(call);
    return call.token;
  }

  send(token: number, message: ByteString, isEnd: boolean): Result {
    if (kindOf(token) !== "stream") return Result.BadArgument;
    const call = this.calls.get(token);
    if (!call) return Result.NotFound;
    call.messages.push(message);
    if (isEnd) call.state = "closed";
    return Result.Ok;
  }

  close(token: number): Result {
    return this.end(token, (call) => {
      if (call.kind === "call") this.forget(call, "cancelled");
      else if (call.state === "done") this.calls.delete(token);
      else call.state = "closed";
    });
  }

  cancel(token: number): Result {
    return this.end(token, (call) => this.forget(call, "cancelled"));
  }

  /** Something comes from the server. */
  event(action: () => void): void {
    this.plugin.vm.services.loop.event(action);
  }

  receive(call: GrpcCall, message: ByteString): void {
    if (!this.isLive(call)) return;
    this.message = message;
    this.plugin.vm.later(() => (this.message = undefined));
    if (call.kind === "call") this.forget(call, "done");
    this.deliver("proxy_on_grpc_receive", call, message.length);
  }

  receiveMetadata(call: GrpcCall, which: "initial" | "trailing", pairs: readonly Pair[]): void {
    if (!this.isLive(call) || call.kind === "call") return;
    const map = new HeaderMap(which === "initial" ? "response headers" : "response trailers", pairs);
    this.metadata = { [which]: map };
    this.deliver(`proxy_on_grpc_receive_${which}_metadata`, call, map.length);
    this.metadata = {};
  }

  finish(call: GrpcCall, status: number, message: ByteString): void {
    if (!this.isLive(call)) return;
    const { plugin } = this;
    // Envoy keeps a stream that the plugin has not closed, so that closing it still succeeds.
    if (call.kind === "call" || call.state === "closed") this.forget(call, "done");
    call.state = "done";
    plugin.status = { code: status, message };
    plugin.vm.later(() => (plugin.status = { ...plugin.status, message: "" }));
    this.deliver("proxy_on_grpc_close", call, status);
  }

  map(type: number): HeaderMap | undefined {
    if (type === MapType.GrpcReceiveInitialMetadata) return this.metadata.initial;
    return type === MapType.GrpcReceiveTrailingMetadata ? this.metadata.trailing : undefined;
  }

  body(type: number): ByteString | undefined {
    return type === BufferType.GrpcReceiveBuffer ? (this.message ?? "") : undefined;
  }

  private begin(kind: "call" | "stream", request: GrpcStreamRequest, timeout: number): GrpcCall | { error: Result } {
    const { vm } = this.plugin;
    const named = grpcCluster(request.target);
    const cluster = named ?? request.target;
    // Envoy asks for the cluster of a bare name only; a GrpcService may name one that is not there, and its call fails.
    if (named === undefined && !vm.services.hasCluster(cluster)) return { error: Result.ParseFailure };
    const token = vm.nextCallToken(kind === "call" ? "grpc call" : "grpc stream");
    const call = new GrpcCall(kind, token, cluster, request, timeout, this);
    this.calls.set(token, call);
    return call;
  }

  private end(token: number, then: (call: GrpcCall) => void): Result {
    if (kindOf(token) === undefined) return Result.BadArgument;
    const call = this.calls.get(token);
    if (!call) return Result.NotFound;
    then(call);
    return Result.Ok;
  }

  private isLive(call: GrpcCall): boolean {
    return this.calls.has(call.token) && call.state !== "done" && !this.plugin.isDeleted;
  }

  private forget(call: GrpcCall, state: GrpcCall["state"]): void {
    call.state = state;
    this.calls.delete(call.token);
  }

  private deliver(callback: string, call: GrpcCall, argument: number): void {
    this.plugin.vm.invoke(this.plugin, callback, this.plugin.id, call.token, argument);
  }
}

/** The kind is in the two low bits of a token. */
function kindOf(token: number): GrpcCall["kind"] | undefined {
  return ([undefined, "call", "stream"] as const)[token & 3];
}
