import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { packageFile } from "../package-files.ts";
import type { Step } from "../yaml-source.ts";

interface Misfit {
  at: Step[];
  /** Where it is a key of the object there that does not belong. */
  key: string | undefined;
  message: string;
}

/** Holds a document against schemas/cases.schema.json. */
export function firstMisfit(value: unknown): Misfit | undefined {
  if (fits(withoutBytes(value))) return undefined;
  // A misspelt key explains the one that is missing, so it comes first.
  const errors = fits.errors ?? [];
  const error = errors.find(({ keyword }) => keyword === "additionalProperties") ?? errors[0]!;
  return {
    at: steps(error.instancePath),
    key: (error.params as { additionalProperty?: string }).additionalProperty,
    message: explain(error),
  };
}

const fits = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  formats: { regex: isRegex, "date-time": isDate },
  // What a pattern stands for, in words for the error.
  keywords: ["patternMeaning"],
}).compile(JSON.parse(readFileSync(packageFile("schemas/cases.schema.json"), "utf8")) as object);

/** The schema speaks of texts: bytes (`!!binary`) stand in for the text that they are in ISO 8859-1. */
function withoutBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutBytes(part)]));
}

/** @param pointer a JSON pointer (RFC 6901) */
function steps(pointer: string): Step[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function explain({ keyword, message, params, parentSchema, data }: ErrorObject): string {
  const expected = params as Record<string, unknown>;
  const found = JSON.stringify(data);
  switch (keyword) {
    case "additionalProperties": {
      const { properties } = parentSchema as { properties: object };
      return `expected one of ${Object.keys(properties).join(", ")}, found ${String(expected["additionalProperty"])}`;
    }
    case "required":
      return `expected the key ${String(expected["missingProperty"])}, which is missing`;
    case "minProperties":
      return `expected at least one key, found ${found}`;
    case "minItems":
      return `expected at least one element, found ${found}`;
    case "enum":
      return `expected one of ${(expected["allowedValues"] as string[]).join(", ")}, found ${found}`;
    case "type":
      return `expected ${[expected["type"]].flat().join(" or ")}, found ${found}`;
    case "format":
      return `expected ${data === undefined ? "" : expected["format"] === "date-time" ? "a time such as 2026-01-01T00:00:00Z" : `a ${String(expected["format"])}`}, found ${found}`;
    case "pattern":
      return `expected ${(parentSchema as { patternMeaning: string }).patternMeaning}, found ${found}`;
    default:
      return `${message}, found ${found}`;
  }
}

/** RFC 3339, which a zone belongs to. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(text) && !Number.isNaN(Date.parse(text));
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
