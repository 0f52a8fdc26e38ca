import {
  proxy_grpc_cancel,
  proxy_grpc_close,
  proxy_grpc_send,
  proxy_http_call,
} from "@solo-io/proxy-runtime/assembly/imports";
import { proxy_grpc_call, proxy_grpc_stream } from "filterwright/assembly/runtime/abi";
import { numberSlot } from "filterwright/assembly/runtime/bytes";
import { BaseContext } from "filterwright/assembly/runtime/context";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { Headers, encodePairs, pairsSize, pairsStart } from "filterwright/assembly/runtime/pairs";
import { forgetGrpcCall } from "filterwright/assembly/runtime/pending-calls";
import { RootContext } from "filterwright/assembly/runtime/root-context";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

export type HttpCallbackFunction = (origin_context: BaseContext, headers: u32, body_size: usize, trailers: u32) => void;

/** What to call, and for whom, when the answer to an HTTP call comes. */
export class HttpCallback {
  /** Of the call; set when it is under way, as are those below. */
  token: u32 = 0;
  plugin: RootContext | null = null;
  /** Another one that is taken with it. */
  next: HttpCallback | null = null;

  constructor(
    public origin_context: BaseContext,
    public cb: HttpCallbackFunction,
  ) {}
}

/** Takes what comes back from a gRPC call. AssemblyScript has no closures: what it needs, its fields hold. */
export abstract class GrpcHandler {
  /** Of the call or stream; set before any callback comes. */
  token: u32 = 0;
  /** The plugin that made the call; set with the token. */
  plugin: RootContext | null = null;
  /** True for a call: one message each way. Envoy tells of its success by the message alone, the runtime closes it then. */
  isCall: bool = false;

  /** Of a stream. @param headers how many there are, in `stream_context.headers.grpc` */
  onInitialMetadata(headers: u32): void {}

  /** @param size bytes of the message, in `BufferTypeValues.GrpcReceiveBuffer` */
  onMessage(size: u32): void {}

  /** Of a stream. @param trailers how many there are, in `stream_context.trailers.grpc` */
  onTrailingMetadata(trailers: u32): void {}

  /** @param status_code of gRPC; `get_status()` has the message. Nothing comes after it. */
  onClose(status_code: u32): void {}

  /** Sends a message on a stream. */
  send(message: ArrayBuffer, end_stream: bool): WasmResultValues {
    return proxy_grpc_send(this.token, changetype<usize>(message), message.byteLength, end_stream ? 1 : 0);
  }

  /** Ends a stream on our side. */
  close(): WasmResultValues {
    return proxy_grpc_close(this.token);
  }

  /** Ends the call or stream at once; no callback comes any more. */
  cancel(): WasmResultValues {
    forgetGrpcCall(this.token);
    return proxy_grpc_cancel(this.token);
  }
}

/** The token of the call or stream begun last. */
export function startedToken(): u32 {
  return load<u32>(numberSlot);
}

export function startHttpCall(
  cluster: string,
  headers: Headers,
  body: ArrayBuffer,
  trailers: Headers,
  timeout_milliseconds: u32,
): WasmResultValues {
  encode(cluster);
  encodePairs(headers);
  const headersStart = pairsStart;
  const headersSize = pairsSize;
  encodePairs(trailers);
  return proxy_http_call(
    textStart,
    textSize,
    headersStart,
    headersSize,
    changetype<usize>(body),
    body.byteLength,
    pairsStart,
    pairsSize,
    timeout_milliseconds,
    numberSlot,
  );
}

/** What a gRPC call is made to, in the arena. */
let serviceStart: usize = 0;
let serviceSize: usize = 0;
let nameStart: usize = 0;
let nameSize: usize = 0;

function encodeTarget(service: string, service_name: string): void {
  encode(service);
  serviceStart = textStart;
  serviceSize = textSize;
  encode(service_name);
  nameStart = textStart;
  nameSize = textSize;
}

export function startGrpcCall(
  service: string,
  service_name: string,
  method: string,
  metadata: Headers,
  message: ArrayBuffer,
  timeout_milliseconds: u32,
): WasmResultValues {
  encodeTarget(service, service_name);
  encode(method);
  encodePairs(metadata);
  return proxy_grpc_call(
    serviceStart,
    serviceSize,
    nameStart,
    nameSize,
    textStart,
    textSize,
    pairsStart,
    pairsSize,
    changetype<usize>(message),
    message.byteLength,
    timeout_milliseconds,
    numberSlot,
  );
}

export function startGrpcStream(
  service: string,
  service_name: string,
  method: string,
  metadata: Headers,
): WasmResultValues {
  encodeTarget(service, service_name);
  encode(method);
  encodePairs(metadata);
  return proxy_grpc_stream(
    serviceStart,
    serviceSize,
    nameStart,
    nameSize,
    textStart,
    textSize,
    pairsStart,
    pairsSize,
    numberSlot,
  );
}
