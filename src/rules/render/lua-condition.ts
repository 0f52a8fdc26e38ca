import type { Condition, Entry, Rule, TextMatcher } from "../plan.ts";
import type { LuaSide } from "./lua-value.ts";
import { luaList, luaString } from "./lua-text.ts";
import type { Refuse } from "./refusal.ts";

/** Whether a text matches, as an expression. @param text an expression that is evaluated once @param mayBeNil and may give nil */
export function matcherExpression(
  { kind, text }: TextMatcher,
  value: string,
  mayBeNil: boolean,
  refuse: Refuse,
): string {
  const wanted = luaString(text);
  // Nothing but a whole value may be empty.
  const subject = mayBeNil ? `(${value} or "")` : value;
  switch (kind) {
    case "exact":
      return `${value} == ${wanted}`;
    case "prefix":
      return `${subject}:sub(1, ${Buffer.byteLength(text)}) == ${wanted}`;
    case "suffix":
      return `${subject}:sub(-${Buffer.byteLength(text)}) == ${wanted}`;
    case "contains":
      return `${subject}:find(${wanted}, 1, true) ~= nil`;
    default:
      refuse("Lua's patterns are no regular expressions");
      return "false";
  }
}

/** What must hold of one side of an entry; empty where nothing must. */
export function conditionExpressions(conditions: Condition[], side: LuaSide, refuse: Refuse): string[] {
  return conditions.map((condition) => conditionExpression(condition, side, refuse));
}

function conditionExpression(condition: Condition, { script }: LuaSide, refuse: Refuse): string {
  const never = (reason: string): string => {
    refuse(reason);
    return "false";
  };
  switch (condition.condition) {
    case "host":
      return `${script.use("is_host")}(headers, ${luaList(condition.hostnames.map((name) => luaString(name.toLowerCase())))})`;
    case "method":
      return `headers:get(":method") == ${luaString(condition.method)}`;
    case "path":
      if ("regex" in condition) return never("Lua's patterns are no regular expressions");
      return "exact" in condition
        ? `${script.use("path_of")}(headers) == ${luaString(condition.exact)}`
        : `${script.use("has_path_prefix")}(headers, ${luaString(condition.prefix)})`;
    case "header":
      return named(`${script.use("joined")}(headers, ${luaString(condition.name)})`, condition, refuse);
    case "queryParam":
      return named(`${script.use("query_parameter")}(headers, ${luaString(lower(condition.name))})`, condition, refuse);
    case "cookie":
      return named(`${script.use("cookie")}(headers, ${luaString(lower(condition.name))})`, condition, refuse);
    case "status":
      return oneOf(condition.ranges.map((range) => inRange(`${script.use("status_of")}(headers)`, range)));
    case "contentTypes":
      return oneOf(condition.types.map((type) => `${script.use("media_type")}(headers) == ${luaString(lower(type))}`));
    case "hostRegex":
      return never("Lua's patterns are no regular expressions");
    case "routeNames":
    case "virtualHosts":
      return never(
        "Lua clears the route cache behind its last write, the filter with each: the route differs meanwhile",
      );
    default:
      return never(`Lua has no exact equal of ${condition.condition}`);
  }
}

/** ASCII, as the filter compares. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function oneOf(expressions: string[]): string {
  return expressions.length === 1 ? expressions[0]! : `(${expressions.join(" or ")})`;
}

function inRange(status: string, [first, last]: [first: number, last: number]): string {
  return first === last ? `${status} == ${first}` : `${status} >= ${first} and ${status} <= ${last}`;
}

/** Of a header, a parameter or a cookie. @param value an expression, nil where there is none */
function named(
  value: string,
  { value: matcher, invert }: { value?: TextMatcher; invert: boolean },
  refuse: Refuse,
): string {
  if (matcher === undefined) return `${value} ${invert ? "==" : "~="} nil`;
  const holds = matcherExpression(matcher, value, true, refuse);
  return invert ? `not (${holds})` : holds;
}

/** Whether one of the entries holds, all told by the message at hand; `true` where there are none. */
export function matchExpression(entries: Entry[], side: LuaSide, refuse: Refuse): string {
  if (entries.length === 0) return "true";
  return oneOf(entries.map((entry) => entryExpression(entry, side, refuse)));
}

function entryExpression({ request, response, not }: Entry, side: LuaSide, refuse: Refuse): string {
  const own = conditionExpressions(side.isRequest ? request : response, side, refuse);
  const inner = not === undefined ? [] : [`not (${entryExpression(not, side, refuse)})`];
  return and([...own, ...inner]);
}

export function and(expressions: string[]): string {
  return expressions.length === 0 ? "true" : expressions.join(" and ");
}

/** Assignments that keep for the response what the request says of each entry that asks it something, by its place in the rule. */
export function keptEntries(rule: Rule, field: string, side: LuaSide, refuse: Refuse): string[] {
  return rule.matches.flatMap((entry, i) => keep(entry, `${field}_${i + 1}`));

  function keep({ request, not }: Entry, name: string): string[] {
    const own = conditionExpressions(request, side, refuse);
    const kept = own.length === 0 ? [] : [`${side.script.keepMatch(name)} = ${and(own)}`];
    return not === undefined ? kept : [...kept, ...keep(not, `${name}_not`)];
  }
}

/** Whether one of the entries holds, by the response and by what was kept of the request. */
export function settledExpression(rule: Rule, field: string, side: LuaSide, refuse: Refuse): string {
  return oneOf(rule.matches.map((entry, i) => settle(entry, `${field}_${i + 1}`)));

  function settle({ request, response, not }: Entry, name: string): string {
    const kept = request.length === 0 ? [] : [side.script.keepMatch(name)];
    const own = conditionExpressions(response, side, refuse);
    const inner = not === undefined ? [] : [`not (${settle(not, `${name}_not`)})`];
    return and([...kept, ...own, ...inner]);
  }
}
