import { findingText, type RulesFile } from "./rules-file.ts";

/** What is wrong with a rules file, or may not be meant, as text for a person. */
export function rulesReport({ file, findings, plan }: RulesFile): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const some = (number: number, what: string) => (number === 0 ? [] : [`${number} ${what}${number === 1 ? "" : "s"}`]);
  const verdict = [...some(count("error"), "error"), ...some(count("warning"), "warning")].join(", ") || "fine";
  const rules = plan ? `; ${some(plan.rules.length, "rule")[0] ?? "no rules"}` : "";
  return [`${file}: ${verdict}${rules}`, ...findings.map((finding) => findingText(file, finding))].join("\n");
}
