import type { CaseRequest } from "../cases/case-file.ts";
import type { ReceivedRequest, Response } from "../echo/exchange.ts";
import type { WasmEngine } from "../envoy/wasm-engine.ts";
import type { LogLevel } from "../host/index.ts";
import type { Journal } from "./journal.ts";
import type { Upstream } from "./upstream.ts";

/** Something that a filter runs in. */
export interface Runner {
  /** Such as `Envoy 1.40.0`. */
  title: string;
  /** Sends a request through the filter. @param gone when its client goes away */
  exchange(request: CaseRequest, gone: AbortSignal): Promise<Outcome>;
  /** Returns when the journal has all that was said until now. */
  settle(): Promise<void>;
  /** Rejects when it can run nothing any more. */
  failure: Promise<never>;
  close(): Promise<void>;
}

/** What became of a request. */
export interface Outcome {
  /** As it left the filter; undefined where it did not. */
  received: ReceivedRequest | undefined;
  /** What the upstream answered. */
  answer: Response | undefined;
  /** What the client gets; undefined where the stream was reset. */
  response: Response | undefined;
}

/** What a runner is made of. */
export interface RunnerOptions {
  /** How Envoy runs the module; the TypeScript host has one way. Default: `wasm`. */
  engine?: WasmEngine | undefined;
  /** Path of the module. */
  wasm: string;
  rootId: string;
  /** The plugin's. */
  configuration: string;
  /** Variables of ours that its VM is given. */
  environment: readonly string[];
  logLevel: LogLevel | "off";
  /** By the names of clusters; `upstream` is what requests go to. */
  clusters: ReadonlyMap<string, Upstream>;
  journal: Journal;
}

export const UPSTREAM = "upstream";
