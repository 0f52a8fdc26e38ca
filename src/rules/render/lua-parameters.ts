import type { Operation, Template } from "../plan.ts";
import { isConstant, type LuaSide, valueExpression } from "./lua-value.ts";
import { luaList, luaString } from "./lua-text.ts";
import type { Refuse } from "./refusal.ts";

type ParameterEdit = Extract<Operation, { operation: "query" | "cookie" | "setCookie" }>;
type SetCookie = Extract<Operation, { operation: "setCookie" }>;

/** The statements of `query`, `cookie` and `setCookie`. */
export function parameterStatements(operation: ParameterEdit, side: LuaSide, refuse: Refuse): string[] {
  if (operation.operation === "setCookie") return setCookie(operation, side, refuse);
  const { name, value, remove } = operation;
  const edit = side.script.use(operation.operation === "query" ? "edit_query" : "edit_cookies");
  const removed = luaList(remove.map(luaString));
  if (name === undefined || value === undefined) return [`${edit}(headers, ${removed})`];
  const isForbidden = operation.operation === "cookie" ? ' and not value:find(";", 1, true)' : "";
  return [
    `local value = ${writtenValue(value, side, refuse)}`,
    `if value and value ~= ""${isForbidden} then`,
    `  ${edit}(headers, ${removed}, ${luaString(name)}, value)`,
    "end",
  ];
}

/** What may fail at run time. */
export function parameterTemplates(operation: Operation): Template[] {
  switch (operation.operation) {
    case "query":
    case "cookie":
      return operation.value === undefined ? [] : [operation.value];
    case "setCookie":
      return [operation.value, ...operation.attributes.map(({ value }) => value)].filter(
        (value) => value !== undefined,
      );
    default:
      return [];
  }
}

function writtenValue(value: Template, side: LuaSide, refuse: Refuse): string {
  const expression = valueExpression(value, side, refuse);
  return isConstant(value) ? expression : `${side.script.use("written")}({ ${expression} }, true)[1]`;
}

/** Nothing is written where one value may not be. An empty value is not written. */
function setCookie({ name, value, attributes }: SetCookie, side: LuaSide, refuse: Refuse): string[] {
  const templates = [value ?? [], ...attributes.map((attribute) => attribute.value ?? [])];
  const values = templates.map((template) => valueExpression(template, side, refuse));
  const isChecked = !templates.every(isConstant);
  const items = attributes.map((attribute, i) => {
    const fields = [`name = ${luaString(attribute.name)}`];
    if (attribute.isRemoved) fields.push("is_removed = true");
    else if (attribute.value !== undefined) fields.push(`value = ${isChecked ? `values[${i + 2}]` : values[i + 1]}`);
    return `{ ${fields.join(", ")} }`;
  });
  const edit = side.script.use("edit_set_cookie");
  const call = (first: string) => `${edit}(headers, ${luaString(name)}, ${first}, ${luaList(items)})`;
  const hasSemicolon = templates.some((template) => isConstant(template) && template.join("").includes(";"));
  if (hasSemicolon) return [];
  if (!isChecked) return [call(values[0]!)];
  return [
    `local values = ${side.script.use("written")}(${luaList(values)}, true)`,
    'if #values > 0 and not table.concat(values):find(";", 1, true) then',
    `  ${call("values[1]")}`,
    "end",
  ];
}
