import type { ModuleProblem } from "../host/inspect.ts";

/** Something that is wrong with a module, or may be. */
export interface Finding {
  /** `error`: Envoy would not run the module. */
  severity: "error" | "warning";
  /** What sort of finding it is; the same from version to version. */
  kind: ModuleProblem["kind"] | TrialKind | WarningKind;
  /** What it is about: an import as `env.abort`, an export, a `root_id`. */
  name: string;
  expected?: string;
  found?: string;
  /** Envoy's own words, where Envoy logs it. */
  message: string;
  /** What to do. */
  hint?: string;
}

export type TrialKind = "start-section" | "unknown-root-id" | "configuration-refused" | "trap";
export type WarningKind = "nothing-starts" | "unknown-callback" | "idle-callback";
