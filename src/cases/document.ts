import { readConfigFile } from "../envoy/bootstrap.ts";
import { FilterwrightError } from "../errors.ts";
import { type Step, YamlSource } from "../yaml-source.ts";
import { firstMisfit } from "./schema.ts";

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
  const source = new YamlSource(readConfigFile(path));
  const mistakeAt = (offset: number, message: string) => {
    const { line, column, excerpt } = source.place(offset);
    return new FilterwrightError("FW_CASE_FILE", `${path}:${line}:${column}: ${message}`, { detail: excerpt });
  };
  if (source.problem) throw mistakeAt(source.problem.offset, source.problem.message);
  const value = source.toJS();
  const misfit = firstMisfit(value);
  if (misfit) {
    const { at, key } = misfit;
    throw mistakeAt(key === undefined ? source.offsetOf(at) : source.offsetOfKey(at, key), placed(at, misfit.message));
  }
  return {
    path,
    value,
    lineOf: (at) => source.place(source.offsetOf(at)).line,
    mistake: (at, message) => mistakeAt(source.offsetOf(at), placed(at, message)),
  };
}

function placed(at: Step[], message: string): string {
  if (at.length === 0) return message;
  return `${at.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("")}: ${message}`;
}
