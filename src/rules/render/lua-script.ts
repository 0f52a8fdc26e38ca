import { HELPERS, type HelperName } from "./lua-helpers.ts";
import { indented, luaString } from "./lua-text.ts";

/** Where dynamic metadata of a stream have what the response must know of the request. */
const NAMESPACE = "filterwright.headers";

/** The parts of a Lua filter, which come as its operations are rendered. */
export class LuaScript {
  /** What rules do. */
  readonly request: string[] = [];
  readonly response: string[] = [];
  /** Behind the rules, even if one stopped the pass. */
  readonly responseEnd: string[] = [];
  /** Of a pass a rule may end. */
  hasRequestStop = false;
  hasResponseStop = false;
  private readonly helpers = new Set<HelperName>();
  /** Values as they are before any rule, and the request's as its rules left them: names of fields by expressions. */
  private readonly beforeRequest = new Map<string, string>();
  private readonly beforeResponse = new Map<string, string>();
  private readonly afterRequest = new Map<string, string>();
  /** Which of `beforeRequest` the response reads. */
  private readonly keptBefore = new Set<string>();
  private keepsMatches = false;

  /** The name of a helper function, which the script will have. */
  use(name: HelperName): HelperName {
    if (this.helpers.has(name)) return name;
    for (const needed of HELPERS[name].uses ?? []) this.use(needed);
    this.helpers.add(name);
    return name;
  }

  /** The name of a field that says in the response's pass what held in the request's. */
  keepMatch(field: string): string {
    this.keepsMatches = true;
    return `kept.${field}`;
  }

  /** A value of the request before any rule. @param source reads it from `headers` */
  originalRequest(source: string, isRequest: boolean): string {
    const field = fieldFor(this.beforeRequest, source, "original");
    if (isRequest) return `original.${field}`;
    this.keptBefore.add(field);
    return `${this.use("from_ascii")}(kept.${field})`;
  }

  originalResponse(source: string): string {
    return `original.${fieldFor(this.beforeResponse, source, "original")}`;
  }

  /** A value of the request as its rules left it, for the response. */
  finalRequest(source: string): string {
    return `${this.use("from_ascii")}(kept.${fieldFor(this.afterRequest, source, "request")})`;
  }

  get keepsState(): boolean {
    return this.keepsMatches || this.afterRequest.size > 0 || this.keptBefore.size > 0;
  }

  /** @param id tells what this filter keeps from what other filters keep */
  toString(id: string): string {
    const key = `${luaString(NAMESPACE)}, ${luaString(id)}`;
    const request = this.requestFunction(key);
    const response = this.responseFunction(id);
    const helpers = (Object.keys(HELPERS) as HelperName[]).filter((name) => this.helpers.has(name));
    return [
      ["-- Rendered by Filterwright from rules for headers, whose names stand in front of what they do."],
      ...helpers.map((name) => HELPERS[name].code.trim().split("\n")),
      ...request,
      ...response,
    ]
      .map((lines) => `${lines.join("\n")}\n`)
      .join("\n");
  }

  private requestFunction(key: string): string[][] {
    if (this.request.length === 0 && !this.keepsState) return [];
    const begin = originals(this.beforeRequest);
    const end: string[] = [];
    for (const field of this.keptBefore) end.push(`kept.${field} = ${this.use("to_ascii")}(original.${field})`);
    for (const [source, field] of this.afterRequest) end.push(`kept.${field} = ${this.use("to_ascii")}(${source})`);
    if (this.keepsState) {
      begin.push("-- What the response must know of the request.", "local kept = {}");
      end.push(`handle:streamInfo():dynamicMetadata():set(${key}, kept)`);
    }
    return callback("request", this.hasRequestStop, begin, this.request, end, this.keepsState);
  }

  private responseFunction(id: string): string[][] {
    if (this.response.length === 0 && this.responseEnd.length === 0) return [];
    const begin = originals(this.beforeResponse);
    if (this.keepsState) {
      begin.unshift(
        "-- What the request's rules kept; nothing for a reply to a request that they never saw.",
        `local kept = (handle:streamInfo():dynamicMetadata():get(${luaString(NAMESPACE)}) or {})[${luaString(id)}]`,
        "if not kept then return end",
      );
    }
    return callback("response", this.hasResponseStop, begin, this.response, this.responseEnd, this.keepsState);
  }
}

function fieldFor(fields: Map<string, string>, source: string, prefix: string): string {
  const field = fields.get(source) ?? `${prefix}_${fields.size + 1}`;
  fields.set(source, field);
  return field;
}

function originals(fields: Map<string, string>): string[] {
  if (fields.size === 0) return [];
  const items = [...fields].map(([source, field]) => `  ${field} = ${source},`);
  return ["-- As it is before any rule.", "local original = {", ...items, "}"];
}

/** A function for Envoy to call. Where rules may end before their time and something comes behind them, they have one of their own. */
function callback(
  side: "request" | "response",
  hasStop: boolean,
  begin: string[],
  rules: string[],
  end: string[],
  keepsState: boolean,
): string[][] {
  const head = [`function envoy_on_${side}(handle)`, "  local headers = handle:headers()"];
  if (!hasStop || end.length === 0) return [[...head, ...indented([...begin, ...rules, ...end]), "end"]];
  const parameters = [
    "handle",
    "headers",
    ...(keepsState ? ["kept"] : []),
    ...(begin.includes("local original = {") ? ["original"] : []),
  ].join(", ");
  return [
    [`local function ${side}_rules(${parameters})`, ...indented(rules), "end"],
    [...head, ...indented([...begin, `${side}_rules(${parameters})`, ...end]), "end"],
  ];
}
