import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Secret, Settings } from "filterwright/assembly/filters/headers/settings";
import { getEnvironment } from "filterwright/assembly/runtime/system";
import { quote } from "filterwright/assembly/text/format";

/** Reads `{NAME: {env: VARIABLE}, ...}`. */
export function readSecrets(
  value: Value,
  settings: Settings,
  needs: Needs,
  problems: Problems,
  assumesEnvironment: bool,
): void {
  if (value.kind != ValueKind.Object) return problems.addExpected(value, "an object");
  for (let i = 0; i < value.items.length; i++) {
    const item = value.items[i];
    const fields = new Fields(item, problems, "env");
    const variable = fields.required("env", "a variable of the VM's environment");
    if (variable === null) continue;
    if (!variable.isText) {
      problems.addExpected(variable, "the name of a variable");
      continue;
    }
    needs.environment.push(variable.text);
    const key = assumesEnvironment ? variable.text : getEnvironment(variable.text);
    // What is there is told by no message.
    if (key === null || key.length == 0) {
      problems.add(
        variable,
        "expected a variable that vm_config.environment_variables gives, found none named " + quote(variable.text),
      );
    }
    settings.secrets.push(new Secret(item.key, key === null ? "" : key));
  }
}
