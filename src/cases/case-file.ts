import type { HeaderLine, Response } from "../echo/exchange.ts";

/** Where cases can run. */
export type BackendName = "wasm" | "lua" | "native";

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
  twins: Partial<Record<BackendName, string>>;
}

/** Whole Envoy configurations. */
export interface EnvoySetup {
  kind: "envoy";
  /** Paths of Envoy configurations. */
  files: Partial<Record<BackendName, string>>;
}

export interface Case {
  name: string;
  /** Line of the case in its file. */
  line: number;
  /** Its own plugin configuration, in place of the file's. */
  config: string | undefined;
  request: CaseRequest;
  upstream: Response;
  expect: Expectation;
}

export interface CaseRequest {
  method: string;
  path: string;
  authority: string;
  headers: HeaderLine[];
  body: string;
}

export interface Expectation {
  request?: MessageExpectation & { method?: string; path?: string; authority?: string };
  response?: MessageExpectation & { status?: number };
  reached?: boolean;
  rejected?: string | true;
  log?: { level?: string; matches: string }[];
}

export interface MessageExpectation {
  /** For each name here, the lines seen are exactly these, in this order. */
  headers: HeaderLine[];
  /** Names of which no line is seen. */
  without: string[];
  body?: string;
}
