import type { FailurePolicy, LogLevel } from "../host/index.ts";
import type { GrpcCall } from "./grpc-call.ts";
import type { HttpCall } from "./http-call.ts";
import type { FilterResponse } from "./message.ts";
import type { Property } from "./property.ts";

/** What is a filter's own. */
export interface FilterPluginOptions {
  /** Default: the module's name without `.wasm`. */
  rootId?: string | undefined;
  /** The plugin configuration: an object is sent as JSON, text and bytes as they are. Default: none. */
  config?: object | string | Uint8Array | undefined;
  /** Whose shared data and queues it has. Filters of one `vmId`, `vmConfig`, `environment` and module share a VM. Default: none. */
  vmId?: string | undefined;
  vmConfig?: string | Uint8Array | undefined;
  environment?: Record<string, string> | undefined;
  /** What `get_property` finds, by first name: `{ source: { address: "10.0.0.1:80" } }`. */
  properties?: Record<string, Property> | undefined;
  /** Capabilities that Envoy would be told to allow. Default: all. */
  capabilities?: string[] | undefined;
  /** Default: FAIL_CLOSED. */
  failurePolicy?: FailurePolicy | undefined;
  /** Milliseconds after a VM's start within which FAIL_RELOAD starts no other. Default: 1000. */
  reloadBackoff?: number | undefined;
  allowOnHeadersStopIteration?: boolean | undefined;
}

/** What is around a filter. */
export interface FilterHostOptions {
  /** What the upstream answers. Default: 200 without a body. `none`: nothing until `exchange.respond` is called. */
  upstream?: FilterResponse | "none" | undefined;
  /** Clusters that calls can be made to. Default: `upstream`. */
  clusters?: string[] | undefined;
  /** Called when the filter makes an HTTP call; it may answer at once: `(call) => call.respond({ status: 200 })`. */
  onHttpCall?: ((call: HttpCall) => void) | undefined;
  onGrpcCall?: ((call: GrpcCall) => void) | undefined;
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. It stands still until `advance`. */
  now?: Date | undefined;
  /** Bytes for `random_get`, one at a time. Default: the same sequence in every test. */
  random?: (() => number) | undefined;
  /** What Envoy makes at random for `x-request-id`. Default: 00000000-0000-4000-8000-000000000000. */
  requestId?: string | undefined;
  /** Bytes of a body that a filter may hold before Envoy answers 413 or 500. Default: 1 MiB. */
  bufferLimit?: number | undefined;
  /** Bytes of memory that a module may have. Default: 1 GiB. */
  maxMemory?: number | undefined;
  /** Default: `info`. */
  logLevel?: LogLevel | "off" | undefined;
  /** The only host calls that may be made, from the module's start on, such as `proxy_log`: any other fails the test. Default: all. */
  strict?: readonly string[] | undefined;
}

export interface FilterOptions extends FilterPluginOptions, FilterHostOptions {}

/** One of several filters. */
export interface ChainedFilter extends FilterPluginOptions {
  /** Path of a `.wasm`, a built filter's name (`build/NAME.wasm`), or the module's bytes. */
  module: string | Uint8Array;
}
