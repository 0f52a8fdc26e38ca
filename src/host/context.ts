import { Result } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Vm } from "./vm.ts";

/** Bytes that callbacks see, and may be able to change. */
export interface Body {
  bytes: ByteString;
  readonly isMutable: boolean;
  /** Envoy has given its memory back. */
  isGone?: boolean;
}

/** What host calls of one plugin, or one stream, act on: proxy-wasm's `ContextBase`. */
export abstract class Context {
  readonly vm: Vm;
  readonly id: number;
  /** Of `proxy_get_status`: about the call whose answer is delivered. */
  status: { code: number; message: ByteString } = { code: 0, message: "" };

  constructor(vm: Vm) {
    this.vm = vm;
    this.id = vm.register(this);
  }

  abstract get root(): Context;
  /** The plugin's names, in front of each line of its log. */
  abstract get logPrefix(): string;

  /** A header map to read; undefined where this moment does not have it. */
  abstract mapToRead(type: number): HeaderMap | undefined;
  /** A header map to write. */
  abstract mapToWrite(type: number): HeaderMap | undefined;
  /** Whether it is the access log's turn: maps that are not there are then merely without the header. */
  get isLogging(): boolean {
    return false;
  }

  abstract body(type: number): Body | undefined;
  abstract property(path: ByteString[]): ByteString | Result;
  abstract setProperty(path: ByteString, value: ByteString): Result;

  /** Lets a stream go on, resets it, answers it; each when the callback at hand has returned. */
  continueStream(type: number): Result {
    return type === 3 ? Result.Unimplemented : Result.Ok;
  }

  closeStream(_type: number): Result {
    return Result.Ok;
  }

  sendLocalReply(_reply: LocalReply): void {}

  /** A callback has trapped. */
  onTrap(_callback: string): void {}
}

/** `proxy_send_local_response`. */
export interface LocalReply {
  status: number;
  details: ByteString;
  body: ByteString;
  headers: [ByteString, ByteString][];
  /** Undefined for none. */
  grpcStatus: number | undefined;
  /** Envoy's response flags. */
  flags?: number;
}
