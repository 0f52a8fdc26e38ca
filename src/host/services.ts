import type { FilterwrightError } from "../errors.ts";
import type { LogLevel } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import type { EventLoop } from "./event-loop.ts";
import type { GrpcCall } from "./grpc-calls.ts";
import type { HttpCall } from "./http-calls.ts";
import type { MetricStore } from "./metrics.ts";
import type { Shared } from "./shared.ts";
import type { Timers } from "./timers.ts";
import type { TraceEvent } from "./trace.ts";

/** What a VM needs of the host around it. */
export interface HostServices {
  readonly metrics: MetricStore;
  readonly shared: Shared;
  readonly timers: Timers;
  readonly loop: EventLoop;
  /** Nanoseconds since 1970. */
  now(): bigint;
  /** @returns so many bytes */
  random(size: number): Uint8Array;
  /** The least level that is logged, by its number; 6 for none. */
  logLevel(): number;
  log(level: LogLevel, plugin: string, message: ByteString): void;
  onTrap(failure: FilterwrightError): void;
  trace?: ((event: TraceEvent) => void) | undefined;
  /** The names of clusters that calls may be made to. */
  hasCluster(name: string): boolean;
  /** A call has begun. */
  onHttpCall(call: HttpCall): void;
  onGrpcCall(call: GrpcCall): void;
}
