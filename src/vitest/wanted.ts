/** What a header, a body or a line of log is to be: the text, or one that matches. */
export type Wanted = string | RegExp;

export function fits(text: string, wanted: Wanted): boolean {
  return typeof wanted === "string" ? text === wanted : text.search(wanted) >= 0; // `test` would remember where it was
}

const LONGEST = 200;

/** On one line; a long text is cut: the diff below a message has it all. */
export function show(wanted: Wanted): string {
  if (typeof wanted !== "string") return String(wanted);
  return wanted.length > LONGEST ? `${JSON.stringify(wanted.slice(0, LONGEST))}...` : JSON.stringify(wanted);
}

export function list(texts: readonly string[]): string {
  return texts.length === 0 ? "none" : texts.map((text) => `\n  ${text}`).join("");
}
