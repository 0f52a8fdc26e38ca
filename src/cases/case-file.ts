import type { Answer, HeaderLine } from "../echo/exchange.ts";
import type { WasmEngine } from "../envoy/wasm-engine.ts";

/**
 * Where cases can run: the TypeScript host, or a real Envoy with the module, with the module compiled ahead of time, with a Lua twin, or
 * with a native one.
 */
export const BACKENDS = ["host", "wasm", "aot", "lua", "native"] as const;
export type BackendName = (typeof BACKENDS)[number];
/** Those that run on a real Envoy. */
export type EnvoyBackendName = Exclude<BackendName, "host">;

/** A filter's twins, which are not the module. */
export type TwinName = Exclude<EnvoyBackendName, WasmEngine>;

/** Those that run on a real Envoy and have a configuration of their own: compiled ahead of time, a module has that of the Wasm filter. */
export type ConfiguredName = Exclude<EnvoyBackendName, "aot">;
export const configuredAs = <Name extends BackendName>(name: Name): Exclude<Name, "aot"> | "wasm" =>
  name === "aot" ? "wasm" : (name as Exclude<Name, "aot">);

/** A case file, read and checked, with every default filled in. The form: schemas/cases.schema.json. */
export interface CaseFile {
  /** As it was given: for messages. */
  path: string;
  setup: FilterSetup | EnvoySetup;
  backends: BackendName[];
  cases: Case[];
}

/** One filter, in the place before the router. */
export interface FilterSetup {
  kind: "filter";
  /** Path of the module. */
  wasm: string;
  rootId: string;
  /** Plugin configuration of the cases that have none of their own. */
  config: string;
  /** Paths of hand-written filters that do the same with that configuration. */
  twins: Partial<Record<TwinName, string>>;
  /** It is the filter of rules for headers, whose twins are rendered from them. */
  rendersTwins?: true;
}

/** Whole Envoy configurations. */
export interface EnvoySetup {
  kind: "envoy";
  /** Paths of Envoy configurations. */
  files: Partial<Record<EnvoyBackendName, string>>;
}

export interface Case {
  name: string;
  /** Line of the case in its file. */
  line: number;
  /** Its own plugin configuration, in place of the file's. */
  config: string | undefined;
  /** What the clock shows, in milliseconds since 1970; undefined where it does not matter. */
  clock: number | undefined;
  request: CaseRequest;
  upstream: Answer;
  expect: Expectation;
}

export interface CaseRequest {
  method: string;
  path: string;
  authority: string;
  headers: HeaderLine[];
  body: string;
  /** Default: none. */
  trailers?: HeaderLine[];
  /** Where the client sits. Default: nowhere in particular. */
  source?: SourceAddress;
}

export interface SourceAddress {
  address: string;
  port: number;
}

export interface Expectation {
  request?: MessageExpectation & { method?: string; path?: string; authority?: string };
  response?: MessageExpectation & { status?: number };
  reached?: boolean;
  rejected?: string | true;
  log?: { level?: string; matches: string }[];
  /** By how much each counter or gauge changes. */
  metrics?: Record<string, number>;
}

export interface MessageExpectation {
  /** For each name here, the lines seen are exactly these, in this order. */
  headers: HeaderLine[];
  /** Names of which no line is seen. */
  without: string[];
  body?: string;
  /** As `headers`, of the trailers. */
  trailers?: HeaderLine[];
}
