import { FilterwrightError } from "../../../src/errors.ts";
import { type ImportOptions, importRules, type ImportSource } from "../../../src/rules/import/import-rules.ts";

/** A configuration, as YAML text or as the value that it stands for, read as rules. */
export function imported(from: ImportSource, input: unknown, options?: ImportOptions) {
  return importRules(typeof input === "string" ? input : JSON.stringify(input), from, options);
}

/** The rules alone. */
export function rulesOf(from: ImportSource, input: unknown) {
  return imported(from, input).rules.rules;
}

/** Every place that is refused: `PATH: REASON`, a line each. @throws whatever is no FW_IMPORT */
export function refused(from: ImportSource, input: unknown): string[] {
  try {
    const { rules } = imported(from, input);
    throw new Error(`nothing is refused: ${JSON.stringify(rules)}`);
  } catch (error) {
    if (error instanceof FilterwrightError && error.code === "FW_IMPORT") return error.detail!.split("\n");
    throw error;
  }
}
