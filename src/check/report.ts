import { restrictionBlock } from "./capabilities.ts";
import type { CheckResult } from "./check.ts";
import type { Finding } from "./finding.ts";
import type { ModuleSize } from "./size.ts";
import type { Trial } from "./trial.ts";
import type { WasiNeed } from "./wasi.ts";

/** A check's result as text for a person. */
export function reportText(file: string, result: CheckResult): string {
  const { abi, findings, trial, wasi, size, capabilities } = result;
  const parts = [
    `${file}: ${verdict(findings)}${abi ? `; ABI ${abi}` : ""}`,
    ...findings.map(findingText),
    trialText(trial),
    sizeText(size),
    wasiText(wasi),
  ];
  const block = restrictionBlock(capabilities);
  if (result.isFine && block)
    parts.push(`it needs no more than this, beside root_id in Envoy's configuration:\n\n${block.trimEnd()}`);
  return parts.map((part, i) => (i === 0 ? part : indent(part))).join("\n");
}

function verdict(findings: Finding[]): string {
  const count = (severity: Finding["severity"]) => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length === 0 ? [] : [`${length} ${severity}${length === 1 ? "" : "s"}`];
  };
  return [...count("error"), ...count("warning")].join(", ") || "fine";
}

function findingText({ severity, kind, message, hint }: Finding): string {
  return `${severity} ${kind}: ${message}${hint ? `\n${indent(hint)}` : ""}`;
}

function trialText({ rootId, configuration, outcome, reason, log }: Trial): string {
  const given = `root_id ${JSON.stringify(rootId)}, ${configuration === "empty" ? "empty configuration" : "the configuration given"}`;
  const why = outcome === "not run" ? ` (${reason})` : "";
  return [`${given}: ${outcome}${why}`, ...log.map(indent)].join("\n");
}

function sizeText({ total, code, data, custom, hasNames, memory }: ModuleSize): string {
  const number = (value: number) => value.toLocaleString("en");
  const others = custom.reduce((sum, { size }) => sum + size, 0);
  const bytes = `${number(total)} bytes: code ${number(code)}, data ${number(data)}, custom sections ${number(others)}`;
  const names = hasNames ? "backtraces have names" : "backtraces have no names";
  if (!memory) return `${bytes}; ${names}`;
  const most = memory.maximum === undefined ? "no maximum" : `at most ${number(memory.maximum)}`;
  return `${bytes}; ${names}\nmemory: ${number(memory.initial)} ${memory.initial === 1 ? "page" : "pages"} of 64 KiB at first, ${most}`;
}

function wasiText(needs: WasiNeed[]): string {
  if (needs.length === 0) return "WASI: none";
  return `WASI:\n${needs.map(({ name, inEnvoy }) => `  ${name}: ${inEnvoy}`).join("\n")}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
