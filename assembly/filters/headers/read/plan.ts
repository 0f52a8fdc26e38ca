import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Limits } from "filterwright/assembly/filters/headers/limits";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Plan } from "filterwright/assembly/filters/headers/plan";
import { readGuard } from "filterwright/assembly/filters/headers/read/guard";
import { readRules } from "filterwright/assembly/filters/headers/read/rules";
import { readSecrets } from "filterwright/assembly/filters/headers/read/secrets";
import { readSecurityHeaders } from "filterwright/assembly/filters/headers/read/security-headers";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Settings } from "filterwright/assembly/filters/headers/settings";

const KEYS =
  "version, strategy, mode, failurePolicy, onInvalid, guard, limits, securityHeaders, allowUnverifiedJwt, secrets, rules";

/**
 * Reads a configuration of the headers filter.
 *
 * @param problems takes in all that is wrong with it; where there is anything, the plan is not to be run
 * @param assumesEnvironment variables that secrets name are taken to be there
 */
export function readPlan(root: Value, problems: Problems, assumesEnvironment: bool = false): Plan {
  const settings = new Settings();
  const plan = new Plan(settings, new Needs());
  const fields = new Fields(root, problems, KEYS);
  fields.choice("version", "v1");
  settings.endsAtFirstMatch = fields.choice("strategy", "all, firstMatch") == 1;
  settings.isShadow = fields.choice("mode", "enforce, shadow") == 1;
  settings.failsClosed = fields.choice("failurePolicy", "open, closed") == 1;
  settings.passesInvalid = fields.choice("onInvalid", "reject, passthrough") == 1;
  settings.allowUnverifiedJwt = fields.boolean("allowUnverifiedJwt", false);
  const guard = fields.get("guard");
  if (guard !== null) readGuard(guard, settings.guard, problems);
  const limits = fields.get("limits");
  if (limits !== null) plan.limits = readLimits(limits, problems);
  const secrets = fields.get("secrets");
  if (secrets !== null) readSecrets(secrets, settings, plan.needs, problems, assumesEnvironment);
  const request = new Side(true, settings, problems, plan.needs);
  const response = new Side(false, settings, problems, plan.needs);
  const security = fields.get("securityHeaders");
  if (security !== null) readSecurityHeaders(security, plan.security, response);
  readRules(fields.array("rules"), plan, request, response);
  return plan;
}

const MOST: i32 = 1 << 30;

function readLimits(value: Value, problems: Problems): Limits {
  const fields = new Fields(value, problems, "maxHeaderBytes, maxHeaders, maxTotalBytes");
  fields.expectSome();
  return new Limits(
    fields.integer("maxHeaderBytes", 0, 1, MOST),
    fields.integer("maxHeaders", 0, 1, MOST),
    fields.integer("maxTotalBytes", 0, 1, MOST),
  );
}
