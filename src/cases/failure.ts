import type { CaseReport } from "./run-files.ts";

/** A failed case for a person: where it stands, what was expected and seen, and what Envoy logged. */
export function failureText({ file, line, case: name, backend, result, envoyLog }: CaseReport): string {
  const differences = result.outcome === "failed" ? result.differences : [];
  return [
    `${file}:${line} on ${backend}: ${name}`,
    ...differences.map(indented),
    ...(envoyLog ? ["  Envoy logged:", indented(indented(envoyLog))] : []),
  ].join("\n");
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
