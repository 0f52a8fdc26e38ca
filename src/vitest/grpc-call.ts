import { decodeUtf8, encodeUtf8, type GrpcCall as HostCall, toBytes } from "../host/index.ts";
import { type Lines, toByteString, toPairs, toTexts } from "./message.ts";

/** A gRPC call or stream that a filter has begun. */
export class GrpcCall {
  /** The call underneath, in bytes. */
  readonly host: HostCall;
  readonly kind: "call" | "stream";
  readonly cluster: string;
  readonly service: string;
  readonly method: string;
  readonly metadata: [name: string, value: string][];
  /** Milliseconds; 0 for none. */
  readonly timeout: number;

  /** @internal */
  constructor(host: HostCall) {
    this.host = host;
    this.kind = host.kind;
    this.cluster = host.cluster;
    this.service = decodeUtf8(host.service);
    this.method = decodeUtf8(host.method);
    this.metadata = toTexts(host.metadata);
    this.timeout = host.timeout;
  }

  /** `closed`: the filter will send no more. `cancelled`: it wants no answer. `done`: it has its answer. */
  get state(): "open" | "closed" | "cancelled" | "done" {
    return this.host.state;
  }

  /** What the filter has sent, read as UTF-8. */
  get messages(): string[] {
    return this.host.messages.map(decodeUtf8);
  }

  /** What the filter has sent as it is, most often protobuf. */
  get bytes(): Uint8Array[] {
    return this.host.messages.map(toBytes);
  }

  /** The server's message: drives `proxy_on_grpc_receive`. A call has its answer by it. */
  respond(message: string | Uint8Array): void {
    this.host.respond(toByteString(message));
  }

  /** Of a stream: drives `proxy_on_grpc_receive_initial_metadata`. */
  sendInitialMetadata(metadata: Lines): void {
    this.host.sendInitialMetadata(toPairs(metadata));
  }

  /** Of a stream: drives `proxy_on_grpc_receive_trailing_metadata`. */
  sendTrailingMetadata(metadata: Lines): void {
    this.host.sendTrailingMetadata(toPairs(metadata));
  }

  /** The end of a stream, or the failure of a call: drives `proxy_on_grpc_close`. @param status of gRPC; 0 is OK */
  close(status: number, message = ""): void {
    this.host.close(status, encodeUtf8(message));
  }
}
