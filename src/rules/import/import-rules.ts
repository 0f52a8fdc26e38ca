import { FilterwrightError } from "../../errors.ts";
import type { RulesDocument } from "./document.ts";
import { Draft, type LeftOut } from "./draft.ts";
import { readHeaderMutation } from "./envoy/read.ts";
import { readHttpRoutes } from "./gateway/read.ts";
import { readHigress } from "./higress/read.ts";
import { readKong } from "./kong/read.ts";
import { parseInput } from "./parse.ts";

const READERS = {
  header_mutation: readHeaderMutation,
  "gateway-api": readHttpRoutes,
  kong: readKong,
  higress: readHigress,
};

/** A system whose configuration can be read. */
export type ImportSource = keyof typeof READERS;

export const IMPORT_SOURCES = Object.keys(READERS) as ImportSource[];

export interface ImportOptions {
  /** Leave out what cannot be said exactly, instead of refusing the whole. Default: false. */
  partial?: boolean;
}

export interface Imported {
  /** A rules file's contents, a plain object. */
  rules: RulesDocument;
  /** What to know of it, a sentence each. */
  notes: string[];
  /** What was left out; empty but for `partial`. */
  leftOut: LeftOut[];
}

/**
 * Reads another system's configuration of headers as rules of our `headers` filter: the same changes, or an error that lists
 * every place that our rules cannot say exactly.
 *
 * @param text YAML or JSON @throws FilterwrightError FW_IMPORT_INPUT, FW_IMPORT
 */
export function importRules(text: string, from: ImportSource, { partial = false }: ImportOptions = {}): Imported {
  const draft = new Draft();
  READERS[from](parseInput(text), draft);
  const { document: rules, notes, leftOut } = draft;
  if (leftOut.length > 0 && !partial) {
    const places = leftOut.length === 1 ? "one place" : `${leftOut.length} places`;
    throw new FilterwrightError("FW_IMPORT", `expected what rules can say exactly, found ${places} where they cannot`, {
      detail: leftOut.map(leftOutText).join("\n"),
      hint: "Write those another way, or leave them out with --partial (in a program: {partial: true}).",
    });
  }
  return { rules, notes, leftOut };
}

/** A line for a person. */
export function leftOutText({ path, reason }: LeftOut): string {
  return `${path}: ${reason}`;
}
