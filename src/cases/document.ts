import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import { FilterwrightError } from "../errors.ts";
import { readConfigFile } from "../envoy/bootstrap.ts";
import { packageFile } from "../package-files.ts";

/** A YAML document that fits the schema of case files, and where in the file each part of it stands. */
export interface SourceDocument {
  path: string;
  value: unknown;
  /** @param at keys and indices from the top */
  lineOf(at: Step[]): number;
  /** An error that points at a place of the file. */
  mistake(at: Step[], message: string): FilterwrightError;
}

type Step = string | number;

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
  const document: SourceDocument = {
    path,
    value: yaml.toJS(),
    lineOf: (at) => lineCounter.linePos(offsetOf(at)).line,
    mistake: (at, message) => mistakeAt(offsetOf(at), at.length === 0 ? message : `${formatPath(at)}: ${message}`),
  };

  const notYaml = yaml.errors[0];
  if (notYaml) throw mistakeAt(notYaml.pos[0], notYaml.message.split("\n")[0] ?? "not YAML");
  const misfit = firstMisfit(document.value);
  if (misfit) throw document.mistake(misfit.at, misfit.message);
  return document;
}

const schema = JSON.parse(readFileSync(packageFile("schemas/cases.schema.json"), "utf8")) as object;
const fits = new Ajv2020({
  allErrors: false,
  verbose: true,
  allowUnionTypes: true,
  formats: { regex: isRegex },
}).compile(schema);

function firstMisfit(value: unknown): { at: Step[]; message: string } | undefined {
  // The schema speaks of texts; bytes stand in for the text that they are in.
  const plain: unknown = JSON.parse(
    JSON.stringify(value ?? null, (_, part: unknown) => (isBytes(part) ? bytesOf(part) : part)),
  );
  if (fits(plain)) return undefined;
  const error = fits.errors![0]!;
  const at = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const steps: Step[] = at.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  if (error.keyword === "additionalProperties")
    steps.push((error.params as { additionalProperty: string }).additionalProperty);
  return { at: steps, message: explain(error) };
}

function explain({ keyword, message, params, parentSchema, data }: ErrorObject): string {
  const expected = params as Record<string, unknown>;
  const found = JSON.stringify(data) ?? "nothing";
  switch (keyword) {
    case "additionalProperties":
      return `expected one of ${Object.keys((parentSchema as { properties: object }).properties).join(", ")}`;
    case "required":
      return `expected the key ${String(expected["missingProperty"])}, which is missing`;
    case "enum":
      return `expected one of ${(expected["allowedValues"] as string[]).join(", ")}, found ${found}`;
    case "type":
      return `expected ${[expected["type"]].flat().join(" or ")}, found ${found}`;
    case "pattern":
      return `expected ${(parentSchema as { pattern: string }).pattern === "^/" ? "a path that begins with /" : "a header line, name: value"}, found ${found}`;
    default:
      return `${message}, found ${found}`;
  }
}

function formatPath(at: Step[]): string {
  return at.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Buffers reach a JSON replacer after their toJSON. */
function isBytes(part: unknown): part is { type: "Buffer"; data: number[] } | Uint8Array {
  return (
    part instanceof Uint8Array ||
    (typeof part === "object" && part !== null && (part as { type?: unknown }).type === "Buffer")
  );
}

function bytesOf(part: { data: number[] } | Uint8Array): string {
  return Buffer.from(part instanceof Uint8Array ? part : part.data).toString("latin1");
}
