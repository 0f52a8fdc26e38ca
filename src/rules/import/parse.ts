import { LineCounter, parseAllDocuments } from "yaml";
import { FilterwrightError } from "../../errors.ts";

/**
 * The documents of a YAML or JSON text, empty ones left out. It is read as YAML 1.1, as Envoy, Kubernetes and Kong do: a bare
 * `on` is a boolean there, and a reader that finds one where a text belongs says so.
 *
 * @throws FilterwrightError FW_IMPORT_INPUT
 */
export function parseInput(text: string): unknown[] {
  const lineCounter = new LineCounter();
  try {
    // Quiet, for a Node that warns of odd keys would write that among our messages.
    const documents = parseAllDocuments(text, { version: "1.1", lineCounter, logLevel: "error" });
    const values: unknown[] = [];
    for (const document of documents) {
      const [error] = document.errors;
      if (error) {
        const { line, col } = lineCounter.linePos(error.pos[0]);
        throw notReadable(`${line}:${col}: ${error.message.split("\n")[0]}`);
      }
      const value: unknown = document.toJS();
      if (value !== null && value !== undefined) values.push(value);
    }
    return values;
  } catch (error) {
    if (error instanceof FilterwrightError) throw error;
    // Of a document with aliases beyond number, or nested beyond the stack, the parser throws.
    throw notReadable((error as Error).message, error);
  }
}

function notReadable(what: string, cause?: unknown): FilterwrightError {
  return new FilterwrightError("FW_IMPORT_INPUT", `expected YAML or JSON: ${what}`, { cause });
}
