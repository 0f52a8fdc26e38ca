import { readConfigFile } from "../envoy/bootstrap.ts";
import { FilterwrightError } from "../errors.ts";
import { type Place, YamlSource } from "../yaml-source.ts";
import { checkConfiguration } from "./check-module.ts";
import { lint } from "./lint.ts";
import { pathOf, stepsOf } from "./path.ts";
import type { Plan } from "./plan.ts";

/** Something about a rules file, and where in it. */
export interface RulesFinding {
  severity: "error" | "warning";
  /** As `rules[0].request[1]`; `$` for the whole file. */
  path: string;
  message: string;
  place: Place;
}

/** A rules file, as the filter understands it. */
export interface RulesFile {
  file: string;
  /** What the filter is given: the rules as JSON. Empty where the file is not YAML. */
  configuration: string;
  /** Errors in the order in which the filter reads, or else warnings. */
  findings: RulesFinding[];
  /** Where there are no errors. */
  plan?: Plan;
}

/** Whether a file is one of rules, by its name; a module has another. */
export function isRulesFile(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name);
}

/**
 * Has the filter read a rules file, YAML or JSON.
 *
 * @throws FilterwrightError FW_CONFIG_FILE where it cannot be read
 */
export function readRulesFile(file: string): RulesFile {
  return readRules(file, readConfigFile(file));
}

/** The same for a text. @param file what it is called in messages */
export function readRules(file: string, text: string): RulesFile {
  const source = new YamlSource(text);
  const finding = (severity: RulesFinding["severity"], path: string, message: string): RulesFinding => {
    const at = stepsOf(path);
    // A key that does not belong there stands behind the path of what holds it.
    const key = /, found the key (".*")$/.exec(message)?.[1];
    const offset = key === undefined ? source.offsetOf(at) : source.offsetOfKey(at, JSON.parse(key) as string);
    return { severity, path, message, place: source.place(offset) };
  };
  if (source.problem) {
    const { offset, message } = source.problem;
    const findings = [{ severity: "error" as const, path: "$", message, place: source.place(offset) }];
    return { file, configuration: "", findings };
  }
  const configuration = JSON.stringify(source.toJS() ?? null);
  const { problems, plan } = checkConfiguration(configuration);
  const errors = problems.map(({ path, message }) =>
    path === undefined ? finding("error", ...formProblem(message)) : finding("error", path, message),
  );
  if (!plan) return { file, configuration, findings: errors };
  return {
    file,
    configuration,
    findings: lint(plan).map(({ path, message }) => finding("warning", pathOf(source.nearest(stepsOf(path))), message)),
    plan,
  };
}

/** What is wrong with the form: the offset is one in the JSON that was made of the file, which nobody sees. */
function formProblem(text: string): [path: string, message: string] {
  const [, path, message] = /^(.*?) \(offset \d+\): ([^]*)$/.exec(text) ?? [];
  return path === undefined || message === undefined ? ["$", text] : [path, message];
}

/** The plan of a rules file without mistakes. @throws FilterwrightError FW_RULES with all of them */
export function planOf(rules: RulesFile): Plan {
  if (rules.plan) return rules.plan;
  const count = rules.findings.length;
  throw new FilterwrightError("FW_RULES", `${rules.file} has ${count === 1 ? "a mistake" : `${count} mistakes`}`, {
    detail: rules.findings.map((finding) => findingText(rules.file, finding)).join("\n"),
  });
}

/** A finding as text for a person, with the line that it is about. */
export function findingText(file: string, { severity, path, message, place }: RulesFinding): string {
  return `${file}:${place.line}:${place.column}: ${severity}: ${path}: ${message}\n${place.excerpt}`;
}
