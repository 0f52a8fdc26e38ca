import { FilterwrightError } from "../errors.ts";
import { Host } from "../host/host.ts";
import type { Finding } from "./finding.ts";

export interface TrialOptions {
  /** `root_id` of Envoy's configuration. Default: the empty one. */
  rootId?: string | undefined;
  /** The plugin's configuration. Default: none. */
  configuration?: string | Uint8Array | undefined;
  /** The VM's configuration. Default: none. */
  vmConfiguration?: string | Uint8Array | undefined;
}

/** What became of the module when it was loaded in the TypeScript host and configured. */
export interface Trial {
  rootId: string;
  configuration: "given" | "empty";
  outcome: "accepted" | "refused" | "trapped" | "crashed" | "not run";
  /** Where it trapped or crashed, or why it was not run. */
  reason: string;
  /** What it logged, as `level: text`. */
  log: string[];
}

const OUTCOMES: Partial<Record<string, Trial["outcome"]>> = {
  FW_CONFIG_REFUSED: "refused",
  FW_TRAP: "trapped",
  // What Envoy would not load was never tried: this is the start section, which only running it shows.
  FW_MODULE: "crashed",
};

export function tryModule(wasm: Uint8Array, options: TrialOptions): Trial {
  const host = new Host();
  const { rootId = "", configuration, vmConfiguration } = options;
  const outcome = (): Pick<Trial, "outcome" | "reason"> => {
    try {
      host.load({
        wasm,
        rootId,
        ...(configuration !== undefined && { configuration }),
        ...(vmConfiguration !== undefined && { vmConfiguration }),
      });
      return { outcome: "accepted", reason: "" };
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      return { outcome: OUTCOMES[error.code] ?? "not run", reason: error.message };
    }
  };
  return { ...notTried(options, ""), ...outcome(), log: host.logs.map(({ level, message }) => `${level}: ${message}`) };
}

export function notTried({ rootId = "", configuration = "" }: TrialOptions, reason: string): Trial {
  return { rootId, configuration: configuration.length > 0 ? "given" : "empty", outcome: "not run", reason, log: [] };
}

/** A failure is an error where it does not depend on what we do not know: the configuration, the root_id. */
export function trialFindings(trial: Trial, options: TrialOptions): Finding[] {
  const { rootId, outcome, reason } = trial;
  if (outcome === "accepted" || outcome === "not run") return [];
  if (outcome === "crashed")
    return [{ severity: "error", kind: "start-section", name: "", message: reason, hint: START }];
  if (isUnknownRoot(trial)) {
    const severity = options.rootId === undefined ? "warning" : "error";
    const message = `the module seems to have nothing for root_id ${JSON.stringify(rootId)}`;
    return [{ severity, kind: "unknown-root-id", name: rootId, message, hint: ROOT_ID }];
  }
  if (outcome === "trapped") {
    const isSure = trial.configuration === "given" || reason.startsWith("_initialize ");
    return [{ severity: isSure ? "error" : "warning", kind: "trap", name: rootId, message: reason }];
  }
  if (trial.configuration === "empty") return []; // it may well need one
  return [{ severity: "error", kind: "configuration-refused", name: rootId, message: reason }];
}

export const START = "In AssemblyScript: --exportStart _initialize, as filterwright/asconfig.json has it.";
const ROOT_ID =
  "It must be the name that the filter registers, as in registerRootContext(..., NAME). --root-id tries another.";

/** Our runtime says so; the published SDK traps when the plugin's context is made, before any configuration is read. */
function isUnknownRoot({ reason, log }: Trial): boolean {
  return (
    reason.startsWith("proxy_on_context_create ") ||
    log.some((line) => line.includes("no root context is registered for root_id"))
  );
}
