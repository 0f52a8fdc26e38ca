import type { Template, TemplatePart } from "../plan.ts";
import { headerArgument } from "./header-argument.ts";
import type { LuaScript } from "./lua-script.ts";
import { luaList, luaString } from "./lua-text.ts";
import type { Refuse } from "./refusal.ts";

/** What operations and conditions are rendered for. */
export interface LuaSide {
  script: LuaScript;
  isRequest: boolean;
}

/** A template as a Lua expression, which gives a string. */
export function valueExpression(template: Template, side: LuaSide, refuse: Refuse): string {
  const parts = joinTexts(template).map((part) =>
    typeof part === "string" ? luaString(part) : operator(part, side, refuse),
  );
  if (parts.length === 0) return '""';
  return parts.length === 1 ? parts[0]! : parts.map(operand).join(" .. ");
}

/** Texts that stand beside one another are one. */
function joinTexts(template: Template): Template {
  const joined: Template = [];
  for (const part of template) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
}

/** In parentheses, if it needs them beside an operator: only the choice between a header and nothing has operators of its own. */
const operand = (expression: string): string => (expression.endsWith(' or ""') ? `(${expression})` : expression);

/** What a method may be called of. */
const receiver = (expression: string): string => (expression.startsWith('"') ? `(${expression})` : operand(expression));

/** Whether the value is the same for every message. */
export const isConstant = (template: Template): boolean => template.every((part) => typeof part === "string");

/** Values as a table of those that are to be written; undefined where there never are any. */
export function writtenLines(
  values: Template[],
  keepsEmpty: boolean,
  side: LuaSide,
  refuse: Refuse,
): string | undefined {
  const isEmpty = (value: Template) => isConstant(value) && value.join("") === "";
  const written = values.filter((value) => keepsEmpty || !isEmpty(value));
  if (written.length === 0) return undefined;
  const list = luaList(written.map((value) => valueExpression(value, side, refuse)));
  // What the configuration says was held against the rules for values when it was read.
  if (written.every(isConstant)) return list;
  return `${side.script.use("written")}(${list}${keepsEmpty ? ", true" : ""})`;
}

type Operator = Exclude<TemplatePart, string>;

function operator(part: Operator, side: LuaSide, refuse: Refuse): string {
  const { maxSize, pipes } = part;
  let value = source(part, side, refuse);
  if (maxSize !== undefined) value = `${receiver(value)}:sub(1, ${maxSize})`;
  for (const [i, pipe] of pipes.entries()) value = piped(value, pipe, i === pipes.length - 1, side, refuse);
  return value;
}

function source({ operator: name, argument }: Operator, side: LuaSide, refuse: Refuse): string {
  const { script, isRequest } = side;
  if (name === "LITERAL") return luaString(argument);
  const parameter = parameterSource(name, argument, script);
  if (parameter !== undefined) return isRequest ? parameter : script.finalRequest(parameter);
  const header = headerArgument(name, argument);
  if (header === undefined) {
    refuse(`Lua has no exact equal of %${name}%`);
    return '""';
  }
  const lines = header.names.map((of) =>
    header.index === "all"
      ? `${script.use("joined")}(headers, ${luaString(of)})`
      : `headers:getAtIndex(${luaString(of)}, ${header.index})`,
  );
  const now = `${lines.join(" or ")} or ""`;
  if (header.message === "response") return header.isOriginal ? script.originalResponse(now) : now;
  if (header.isOriginal) return script.originalRequest(now, isRequest);
  return isRequest ? now : script.finalRequest(now);
}

/** What is part of a header. @returns undefined for another operator */
function parameterSource(name: string, argument: string, script: LuaScript): string | undefined {
  switch (`${name}(${name === "PATH" ? argument : ""})`) {
    case "PATH(NQ)":
      return `${script.use("path_of")}(headers) or ""`;
    case "QUERY_PARAM()":
      return `${script.use("query_value")}(headers, ${luaString(argument)})`;
    case "COOKIE()":
      return `${script.use("cookie_value")}(headers, ${luaString(argument)})`;
    default:
      return undefined;
  }
}

/** @param isLast no pipe follows */
function piped(value: string, pipe: string, isLast: boolean, { script }: LuaSide, refuse: Refuse): string {
  const [, name = "", argument = ""] = /^(\w+)(?:\((.*)\))?$/s.exec(pipe) ?? [];
  switch (name) {
    case "lower":
    case "upper":
      return `${receiver(value)}:${name}()`;
    case "trim":
    case "urlencode":
      return `${script.use(name)}(${value})`;
    case "default":
      return `${script.use(name)}(${value}, ${luaString(argument)})`;
    case "base64":
      return `handle:base64Escape(${value})`;
    case "base64url":
      return `${script.use(name)}(handle, ${value})`;
    case "urldecode":
      if (!isLast)
        refuse("what urldecode cannot decode fails the operation, which Lua would tell from no pipe behind it");
      return `${script.use(name)}(${value})`;
    case "substr": {
      const [from = 0, count] = argument.split(",").map(Number);
      return `${receiver(value)}:sub(${from + 1}${count === undefined ? "" : `, ${from + count}`})`;
    }
    default:
      refuse(`Lua has no exact equal of the pipe ${name}`);
      return value;
  }
}

/** Whether an operation may fail at run time for a value. */
export function mayFail(templates: Template[]): boolean {
  const failing = /^(urldecode|base64decode)$/;
  return templates.some((template) =>
    template.some((part) => typeof part !== "string" && part.pipes.some((pipe) => failing.test(pipe))),
  );
}
