import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value } from "filterwright/assembly/document/value";
import { Guard } from "filterwright/assembly/filters/headers/names";
import { readNameMatcher } from "filterwright/assembly/filters/headers/read/matcher";

/** Reads `{allowRouting, allowEnvoy, deny: [NAME or MATCHER, ...]}`. */
export function readGuard(value: Value, guard: Guard, problems: Problems): void {
  const fields = new Fields(value, problems, "allowRouting, allowEnvoy, deny");
  guard.allowRouting = fields.boolean("allowRouting", false);
  guard.allowEnvoy = fields.boolean("allowEnvoy", false);
  const deny = fields.array("deny");
  for (let i = 0; i < deny.length; i++) guard.deny.push(readNameMatcher(deny[i], problems));
}
