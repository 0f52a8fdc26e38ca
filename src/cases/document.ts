import { isMap, LineCounter, type Node, type ParsedNode, parseDocument, type Scalar } from "yaml";
import { readConfigFile } from "../envoy/bootstrap.ts";
import { FilterwrightError } from "../errors.ts";
import { firstMisfit, type Step } from "./schema.ts";

/** A YAML document that fits the schema of case files, and where in the file each part of it stands. */
export interface SourceDocument {
  path: string;
  value: unknown;
  /** @param at keys and indices from the top */
  lineOf(at: Step[]): number;
  /** An error that points at a place of the file. */
  mistake(at: Step[], message: string): FilterwrightError;
}

/** @throws FilterwrightError FW_CASE_FILE */
export function checkedDocument(path: string): SourceDocument {
  const text = readConfigFile(path);
  const lineCounter = new LineCounter();
  const yaml = parseDocument(text, { lineCounter, customTags: ["binary"] });

  const mistakeAt = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset);
    const source = text.split("\n")[line - 1] ?? "";
    const detail = `${String(line).padStart(4)} | ${source}\n     | ${" ".repeat(col - 1)}^`;
    return new FilterwrightError("FW_CASE_FILE", `${path}:${line}:${col}: ${message}`, { detail });
  };
  const offsetOf = (at: Step[]): number => {
    for (let length = at.length; length > 0; length--) {
      const node = yaml.getIn(at.slice(0, length), true) as Node | undefined;
      if (node?.range) return node.range[0];
    }
    return (yaml.contents as ParsedNode | null)?.range[0] ?? 0;
  };
  const offsetOfKey = (at: Step[], key: string): number => {
    const map = at.length === 0 ? yaml.contents : yaml.getIn(at, true);
    const pair = isMap<Scalar>(map) ? map.items.find((item) => item.key.value === key) : undefined;
    return pair?.key.range?.[0] ?? offsetOf(at);
  };

  const notYaml = yaml.errors[0];
  if (notYaml) throw mistakeAt(notYaml.pos[0], notYaml.message.split("\n")[0] ?? "not YAML");
  const value: unknown = yaml.toJS();
  const misfit = firstMisfit(value);
  if (misfit) {
    const offset = misfit.key === undefined ? offsetOf(misfit.at) : offsetOfKey(misfit.at, misfit.key);
    throw mistakeAt(offset, placed(misfit.at, misfit.message));
  }
  return {
    path,
    value,
    lineOf: (at) => lineCounter.linePos(offsetOf(at)).line,
    mistake: (at, message) => mistakeAt(offsetOf(at), placed(at, message)),
  };
}

function placed(at: Step[], message: string): string {
  if (at.length === 0) return message;
  return `${at.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("")}: ${message}`;
}
