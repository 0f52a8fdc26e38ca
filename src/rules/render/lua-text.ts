/** A text as a Lua string. */
export function luaString(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replace(/\t/g, "\\t");
  return `"${escaped}"`;
}

/** A table of texts. */
export function luaList(items: string[]): string {
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

/** Lines, two blanks further in. */
export function indented(lines: string[]): string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}
