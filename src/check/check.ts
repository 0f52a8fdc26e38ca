import type { ModuleProblem } from "../host/inspect.ts";
import { inspectModule } from "../host/module.ts";
import type { AbiVersion } from "../host/signatures.ts";
import { idleCallbacks, idleFindings, unknownCallbacks } from "./callbacks.ts";
import { neededCapabilities } from "./capabilities.ts";
import type { Finding } from "./finding.ts";
import { hintFor } from "./hints.ts";
import { type ModuleSize, sizeOf } from "./size.ts";
import { startFindings } from "./start.ts";
import { notTried, type Trial, trialFindings, type TrialOptions, tryModule } from "./trial.ts";
import { type WasiNeed, wasiNeeds } from "./wasi.ts";

export interface CheckResult {
  /** Whether there is no error. */
  isFine: boolean;
  abi: AbiVersion | undefined;
  findings: Finding[];
  trial: Trial;
  wasi: WasiNeed[];
  size: ModuleSize;
  /** What a capability restriction must allow. */
  capabilities: string[];
}

/**
 * Says everything that Envoy would have against a module, and what it needs.
 *
 * @throws FilterwrightError FW_MODULE for a module that has types beyond WebAssembly 2.0
 */
export function checkModule(wasm: Uint8Array, options: TrialOptions = {}): CheckResult {
  const { problems, compiled } = inspectModule(wasm);
  const errors = problems.map(findingOf);
  const module = compiled?.contents;
  const abi = compiled?.abi;
  const trial =
    errors.length > 0
      ? notTried(options, "Envoy would not run it")
      : abi === "0.1.0"
        ? notTried(options, "the TypeScript host does not have ABI 0.1.0")
        : tryModule(wasm, options);
  const tried = trialFindings(trial, options);
  // Where the start section was seen to make a host call, there is no need to say that it might.
  const starts = module && trial.outcome !== "crashed" ? startFindings(module) : [];
  const heldAgainst = abi ?? "0.2.1";
  const idle = module ? idleCallbacks(module, heldAgainst) : [];
  const unknown = module ? unknownCallbacks(module, heldAgainst) : [];
  const findings = [...errors, ...tried, ...starts, ...unknown, ...idleFindings(idle)];
  return {
    isFine: findings.every(({ severity }) => severity !== "error"),
    abi,
    findings,
    trial,
    wasi: module ? wasiNeeds(module) : [],
    size: sizeOf(wasm, module),
    capabilities: module ? neededCapabilities(module, heldAgainst, idle) : [],
  };
}

function findingOf(problem: ModuleProblem): Finding {
  const { kind, name, expected, found, message, envoy = message } = problem;
  const finding: Finding = { severity: "error", kind, name, expected, found, message: envoy };
  const hint = hintFor(problem);
  if (hint !== undefined) finding.hint = hint;
  return finding;
}
