import pc from "picocolors";
import type { Fate, Row } from "./rows.ts";

const LINE_WIDTH = 44;
const COLUMN_WIDTH = 12;

/**
 * @param title what the rows are @param columns heads of the columns: without a filter, then behind each
 * @returns lines for a terminal, in colour where it has any
 */
export function renderTable(title: string, columns: string[], rows: Row[]): string[] {
  const head =
    pc.bold(title.padEnd(LINE_WIDTH)) + columns.map((column) => pc.bold(column.padEnd(COLUMN_WIDTH))).join("");
  return [head.trimEnd(), ...rows.map(renderRow)];
}

function renderRow({ line, origin, fates }: Row): string {
  const paint = painter(fates);
  const cells = [pc.dim(origin.padEnd(COLUMN_WIDTH)), ...fates.map((fate) => renderFate(fate))];
  return (paint(`  ${fit(line)}`) + cells.join("")).trimEnd();
}

function painter(fates: Fate[]): (text: string) => string {
  if (fates.includes("added")) return pc.green;
  if (fates.includes("removed")) return pc.red;
  return (text) => text;
}

function renderFate(fate: Fate): string {
  switch (fate) {
    case "added":
      return pc.green("+ added".padEnd(COLUMN_WIDTH));
    case "removed":
      return pc.red("- removed".padEnd(COLUMN_WIDTH));
    default:
      return pc.dim((fate === "kept" ? "kept" : "").padEnd(COLUMN_WIDTH));
  }
}

function fit(line: string): string {
  const width = LINE_WIDTH - 2;
  return line.length < width ? line.padEnd(width) : `${line.slice(0, width - 4)}... `;
}
