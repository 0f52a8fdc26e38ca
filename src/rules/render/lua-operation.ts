import type { Operation, Template, TextMatcher } from "../plan.ts";
import { matcherExpression } from "./lua-condition.ts";
import { luaList, luaString } from "./lua-text.ts";
import { isConstant, type LuaSide, mayFail, valueExpression, writtenLines } from "./lua-value.ts";
import { parameterStatements, parameterTemplates } from "./lua-parameters.ts";
import { matches, type Protection, PSEUDO_HEADERS } from "./protection.ts";
import type { Refuse } from "./refusal.ts";

type Of<Name extends Operation["operation"]> = Extract<Operation, { operation: Name }>;

/** What an operation may leave alone: what patterns skip when they remove, and when they write. */
export interface Protections {
  ofRemovals: Protection;
  ofWrites: Protection;
  failsClosed: boolean;
}

/** The statements that do what an operation does. */
export function statementsOf(operation: Operation, side: LuaSide, protections: Protections, refuse: Refuse): string[] {
  const { script } = side;
  if (protections.failsClosed && mayFail(templatesOf(operation))) {
    refuse("an operation that fails is answered with 500 by failurePolicy: closed, for which Lua has no exact equal");
  }
  switch (operation.operation) {
    case "set":
    case "add":
    case "addIfAbsent":
    case "setIfPresent":
      return writes(operation, side, refuse);
    case "append":
      return append(operation, side, refuse);
    case "remove":
      return [`headers:remove(${luaString(operation.name)})`];
    case "removeLines": {
      const unwanted = matcherExpression(operation.value, "line", false, refuse);
      return [
        `${script.use("remove_lines")}(headers, ${luaString(operation.name)}, function(line) return ${unwanted} end)`,
      ];
    }
    case "removeMatching":
    case "retain": {
      const wanted = { names: operation.names, isInverted: operation.operation === "retain" };
      return forNames(wanted, protections.ofRemovals, ["headers:remove(name)"], side, refuse);
    }
    case "rename":
    case "copy": {
      const { from, to, onConflict } = operation;
      const keeps = operation.operation === "copy" ? ", true" : "";
      return [`${script.use("move")}(headers, ${luaString(from)}, ${luaString(to)}, ${luaString(onConflict)}${keeps})`];
    }
    case "replace":
    case "replaceMatching":
      return replace(operation, side, protections.ofWrites, refuse);
    case "dedupe": {
      const name = luaString(operation.name);
      const lines = `${script.use("lines_of")}(headers, ${name})`;
      const strategy = luaString(operation.strategy);
      const retained = script.use("retained");
      const update = script.use("update");
      if (operation.scope === "line") return [`${update}(headers, ${name}, ${retained}(${lines}, ${strategy}))`];
      const texts = `${script.use("texts_of")}(${lines}, ",")`;
      return [
        `local elements = ${retained}(${texts}, ${strategy})`,
        `if #elements > 0 then ${update}(headers, ${name}, { table.concat(elements, ", ") }) end`,
      ];
    }
    case "split": {
      const name = luaString(operation.name);
      const lines = `${script.use("lines_of")}(headers, ${name})`;
      const texts = `${script.use("texts_of")}(${lines}, ${luaString(operation.separator)})`;
      return [`${script.use("update")}(headers, ${name}, ${texts})`];
    }
    case "join":
      return [`${script.use("join")}(headers, ${luaString(operation.name)}, ${luaString(operation.separator)})`];
    case "query":
    case "cookie":
    case "setCookie":
      return parameterStatements(operation, side, refuse);
    default:
      refuse(`Lua has no exact equal of ${operation.operation}`);
      return [];
  }
}

function templatesOf(operation: Operation): Template[] {
  if ("values" in operation) return operation.values;
  if ("substitution" in operation) return [operation.substitution];
  return parameterTemplates(operation);
}

function writes(
  operation: Of<"set" | "add" | "addIfAbsent" | "setIfPresent">,
  side: LuaSide,
  refuse: Refuse,
): string[] {
  const { operation: verb, values, keepEmptyValue } = operation;
  const name = luaString(operation.name);
  const lines = writtenLines(values, keepEmptyValue, side, refuse);
  if (lines === undefined) return [];
  const replaces = verb === "set" || verb === "setIfPresent";
  const [only] = values;
  const statement =
    values.length === 1 && isConstant(only!)
      ? `headers:${replaces ? "replace" : "add"}(${name}, ${valueExpression(only!, side, refuse)})`
      : `${side.script.use(replaces ? "set" : "add")}(headers, ${name}, ${lines})`;
  if (verb === "addIfAbsent") return [`if headers:getNumValues(${name}) == 0 then`, `  ${statement}`, "end"];
  return verb === "setIfPresent" ? ifPresentOnly(name, statement) : [statement];
}

function append(operation: Of<"append">, side: LuaSide, refuse: Refuse): string[] {
  const { values, separator, unique, ifPresent, everyLine } = operation;
  const name = luaString(operation.name);
  const lines = writtenLines(values, false, side, refuse);
  if (lines === undefined) return [];
  const flags = everyLine ? `, ${unique}, true` : unique ? ", true" : "";
  const statement = `${side.script.use("append")}(headers, ${name}, ${lines}, ${luaString(separator)}${flags})`;
  return ifPresent ? ifPresentOnly(name, statement) : [statement];
}

function ifPresentOnly(name: string, statement: string): string[] {
  return [`if headers:getNumValues(${name}) > 0 then`, `  ${statement}`, "end"];
}

function anyOf(matchers: TextMatcher[], refuse: Refuse): string {
  return matchers.map((matcher) => matcherExpression(matcher, "name", false, refuse)).join(" or ");
}

/** Runs statements for each name that a pattern means, or that none does, and that patterns may touch. */
function forNames(
  { names, isInverted = false }: { names: TextMatcher[]; isInverted?: boolean },
  protection: Protection,
  statements: string[],
  side: LuaSide,
  refuse: Refuse,
): string[] {
  const isMeant = (name: string) =>
    names.some((matcher) => matcher.kind !== "regex" && matches(matcher, name)) !== isInverted;
  const protectedNames = protection.names.filter(isMeant);
  const matching = anyOf(names, refuse);
  const conditions = [
    isInverted ? `not (${matching})` : names.length > 1 ? `(${matching})` : matching,
    ...(PSEUDO_HEADERS.some(isMeant) ? ['name:sub(1, 1) ~= ":"'] : []),
    ...(protectedNames.length > 0 ? ["not protected[name]"] : []),
    ...protection.prefixes.map((prefix) => `name:sub(1, ${prefix.length}) ~= ${luaString(prefix)}`),
    ...(protection.deny.length > 0 ? [`not (${anyOf(protection.deny, refuse)})`] : []),
  ];
  const table = luaList(protectedNames.map((name) => `[${luaString(name)}] = true`));
  return [
    ...(protectedNames.length > 0 ? [`local protected = ${table}`] : []),
    "local function is_wanted(name)",
    `  return ${conditions.join(" and ")}`,
    "end",
    `for _, name in ipairs(${side.script.use("names_of")}(headers, is_wanted)) do`,
    ...statements.map((statement) => `  ${statement}`),
    "end",
  ];
}

function replace(
  operation: Of<"replace" | "replaceMatching">,
  side: LuaSide,
  protection: Protection,
  refuse: Refuse,
): string[] {
  const { literal, scope, match, substitution } = operation;
  if (literal === undefined) {
    refuse("Lua's patterns are no regular expressions");
    return [];
  }
  // What a literal has matched is the literal.
  const template = substitution.map((part) => (typeof part !== "string" && part.operator === "GROUP" ? literal : part));
  const { script } = side;
  const which = match === "all" ? "" : `, ${luaString(match)}`;
  const edit = `function(text) return ${script.use("replaced")}(text, ${luaString(literal)}, substitution${which}) end`;
  const helper = script.use(scope === "element" ? "edit_elements" : "edit_lines");
  const forName = (name: string) => `${helper}(headers, ${name}, ${edit})`;
  const value = valueExpression(template, side, refuse);
  const statements =
    operation.operation === "replace"
      ? [forName(luaString(operation.name))]
      : forNames({ names: [operation.names] }, protection, [forName("name")], side, refuse);
  if (isConstant(template)) return [`local substitution = ${value}`, ...statements];
  return [
    `local substitution = ${script.use("written")}({ ${value} }, true)[1]`,
    "if substitution then",
    ...statements.map((statement) => `  ${statement}`),
    "end",
  ];
}
