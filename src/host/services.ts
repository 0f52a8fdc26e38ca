import type { FilterwrightError } from "../errors.ts";
import type { LogLevel } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import type { MetricStore } from "./metrics.ts";
import type { Pair } from "./pairs.ts";
import type { Shared } from "./shared.ts";

/** What a VM needs of the host around it. */
export interface HostServices {
  readonly metrics: MetricStore;
  readonly shared: Shared;
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
  /** A call has begun. Its answer comes by the plugin's `answerHttpCall`. */
  onHttpCall(call: HttpCall): void;
}

/** A call between host and module, either way. */
export type TraceEvent =
  { direction: "callback"; name: string; args: number[] } | { direction: "host call"; name: string; result: number };

/** An HTTP call that a plugin has made. */
export interface HttpCall {
  token: number;
  cluster: string;
  headers: Pair[];
  body: ByteString;
  trailers: Pair[];
  /** Milliseconds; 0 for none. */
  timeout: number;
}
