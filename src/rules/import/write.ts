import { Document, visit } from "yaml";
import type { RulesDocument } from "./document.ts";

/** Texts that YAML 1.1 and 1.2 read as the same text without quotes. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9_./-]*$/i;

/** A rules file. @param comments lines for its head */
export function rulesYaml(rules: RulesDocument, comments: string[] = []): string {
  const document = new Document(rules, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (key, scalar) => {
      if (key !== "key" && typeof scalar.value === "string" && !PLAIN.test(scalar.value)) scalar.type = "QUOTE_DOUBLE";
    },
  });
  // A line of a comment begins where the input says so: without its line ends, what follows is no comment.
  if (comments.length > 0)
    document.commentBefore = comments.map((line) => ` ${line.replace(/[^\P{C}\t]|[\u2028\u2029]/gu, " ")}`).join("\n");
  return document.toString({ lineWidth: 0 });
}
