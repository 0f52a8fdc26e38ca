import type { Place } from "../place.ts";
import { literal } from "../values.ts";

/** A value of request-transformer's, whose `$(...)` are Lua on the request as it came; undefined where ours cannot say it, which is refused then. */
export function kongTemplate(at: Place, value: string): string | undefined {
  let template = "";
  for (let rest = value; rest !== "";) {
    const start = rest.indexOf("$(");
    const end = start < 0 ? -1 : closing(rest, start + 1);
    // What is not closed is text.
    if (end < 0) return template + literal(rest);
    const ours = expression(at, rest.slice(start + 2, end).trim());
    if (ours === undefined) return undefined;
    template += literal(rest.slice(0, start)) + ours;
    rest = rest.slice(end + 1);
  }
  return template;
}

function expression(at: Place, lua: string): string | undefined {
  const [, , text] = /^(["'])((?:(?!\1)[^\\])*)\1$/.exec(lua) ?? [];
  if (text !== undefined) return literal(text);
  const [, table, dotted, , quoted] = /^(\w+)(?:\.(\w+)|\[\s*(["'])([^"'\\]+)\3\s*\])$/.exec(lua) ?? [];
  const name = dotted ?? quoted;
  if (table === undefined || name === undefined) return refuse(at, lua, "Lua that our templates do not have");
  if (table === "query_params")
    return refuse(
      at,
      lua,
      `our operators do not make a + of a query a space: %QUERY_PARAM(${name})|urldecode% does all but that`,
    );
  if (table !== "headers") return refuse(at, lua, `our templates know nothing of ${table}`);
  if (name.includes("_"))
    return refuse(at, lua, `Kong looks for two names: write headers["${name.replaceAll("_", "-")}"]`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) return refuse(at, lua, "expected a header's name");
  at.draft.note("$(headers.x): where a request has several lines of x, ours is the first; Kong's is no text");
  return `%ORIG_REQ(${name.toLowerCase()})%`;
}

/** Where the parenthesis at a place is closed; -1 where it is not. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return -1;
}

function refuse(at: Place, lua: string, reason: string): undefined {
  at.refuse(`$(${lua}): ${reason}`);
  return undefined;
}
