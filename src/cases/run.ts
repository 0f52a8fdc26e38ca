import type { Backend } from "./backend.ts";
import type { Case } from "./case-file.ts";
import { compare, compareLog, compareRejection } from "./compare.ts";

export type CaseResult =
  | { outcome: "passed" }
  /** A sentence for each difference. */
  | { outcome: "failed"; differences: string[] }
  | { outcome: "skipped"; reason: string };

/**
 * Runs one case on one back end.
 *
 * @throws FilterwrightError where the exchange could not take place: Envoy ended, the upstream is gone, a configuration was refused that the case wants served
 */
export async function runCase(backend: Backend, testCase: Case): Promise<CaseResult> {
  const readiness = await backend.prepare(testCase);
  if (readiness.state === "skip") return { outcome: "skipped", reason: readiness.reason };
  const { rejected } = testCase.expect;
  if (readiness.state === "rejected") {
    const { log = [] } = testCase.expect;
    return verdict([...compareRejection(rejected!, readiness.log), ...compareLog(log, readiness.log)]);
  }
  if (rejected !== undefined) return verdict(["expected the configuration to be refused, but it was accepted"]);
  return verdict(compare(testCase.expect, await backend.exchange(testCase)));
}

function verdict(differences: string[]): CaseResult {
  return differences.length === 0 ? { outcome: "passed" } : { outcome: "failed", differences };
}
