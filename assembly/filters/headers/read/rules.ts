import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Sample } from "filterwright/assembly/filters/headers/match/sample";
import { Plan } from "filterwright/assembly/filters/headers/plan";
import { MatchReader } from "filterwright/assembly/filters/headers/read/match";
import { readOperations } from "filterwright/assembly/filters/headers/read/operations";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Rule } from "filterwright/assembly/filters/headers/rule";
import { isFieldValue } from "filterwright/assembly/http/field";
import { decimal, quote } from "filterwright/assembly/text/format";

const KEYS = "name, matches, percent, mode, request, response, stop";

/** Reads `rules`. @param request reads what rules do to requests @param response likewise */
export function readRules(values: Value[], plan: Plan, request: Side, response: Side): void {
  for (let i = 0; i < values.length; i++) plan.rules.push(readRule(values[i], plan, request, response));
  plan.complete();
}

function readRule(value: Value, plan: Plan, request: Side, response: Side): Rule {
  const problems = request.problems;
  const fields = new Fields(value, problems, KEYS);
  const reader = new MatchReader(problems, plan.needs);
  const match = reader.read(fields.array("matches"));
  const rule = new Rule(plan.rules.length, readName(fields, plan, problems), match);
  const isShadow = fields.choice("mode", "enforce, shadow") == 1;
  rule.isShadow = fields.has("mode") ? isShadow : plan.settings.isShadow;
  rule.stops = fields.boolean("stop", false) || plan.settings.endsAtFirstMatch;
  const percent = fields.get("percent");
  if (percent !== null) rule.sample = new Sample(rule.name, readPercent(percent, problems));
  const ofRequest = fields.get("request");
  const ofResponse = fields.get("response");
  request.captures = reader.requestRegexes;
  response.captures = reader.responseRegexes;
  for (let i = 0; i < reader.requestRegexes.length; i++) response.captures.push(reader.requestRegexes[i]);
  response.usesCaptures = false;
  if (ofRequest !== null) {
    readOperations(ofRequest, rule.request, request);
    if (!match.isOfRequest) {
      problems.add(ofRequest, "a rule that asks for something of the response has no request");
    }
  }
  if (ofResponse !== null) readOperations(ofResponse, rule.response, response);
  rule.keepsCaptures = response.usesCaptures && reader.requestRegexes.length > 0;
  if (rule.sample !== null) plan.needs.random = true;
  return rule;
}

/** An unnamed rule has its index for a name. */
function readName(fields: Fields, plan: Plan, problems: Problems): string {
  const value = fields.get("name");
  const name = value === null ? decimal(plan.rules.length) : value.text;
  const at = value === null ? fields.value : value;
  if (value !== null && (value.kind != ValueKind.String || name.length == 0 || !isFieldValue(name))) {
    problems.addExpected(at, "a name");
  }
  for (let i = 0; i < plan.rules.length; i++) {
    if (plan.rules[i].name == name) {
      problems.add(
        at,
        "expected a name that no other rule has, found " + quote(name) + ", which is that of rules[" + decimal(i) + "]",
      );
    }
  }
  return name;
}

/** @returns hundredths of a percent */
function readPercent(value: Value, problems: Problems): u32 {
  const hundredths = Math.floor(value.number * 100 + 0.5);
  // 12.34 * 100 is not 1234, but nearly.
  const isGood =
    value.kind == ValueKind.Number &&
    value.number >= 0 &&
    value.number <= 100 &&
    Math.abs(hundredths - value.number * 100) < 1e-6;
  if (!isGood) problems.addExpected(value, "a number from 0 to 100 with at most two decimals");
  return isGood ? <u32>hundredths : 0;
}
