import { FilterwrightError } from "../errors.ts";
import type { EnvoyOutput } from "./output.ts";

/** Why Envoy ended before it served, as far as its log tells. */
export function explainExit(end: string, output: EnvoyOutput): FilterwrightError {
  const log = output.all();
  const detail = output.end();
  const missing = /Invalid path: ([^`\n]+)|unable to read file: ([^`\n]+)/.exec(log);
  if (missing) {
    const file = (missing[1] ?? missing[2] ?? "").trim();
    return new FilterwrightError("FW_ENVOY_MODULE_MISSING", `the configuration names ${file}, which is not there`, {
      detail,
      hint: file.endsWith(".wasm")
        ? "Build the module first: npm run build"
        : "Relative paths start at the folder in which Envoy runs.",
    });
  }
  const busy = /cannot bind '([^']+)'/.exec(log);
  if (busy) {
    return new FilterwrightError("FW_PORT_BUSY", `Envoy cannot listen on ${busy[1]}`, {
      detail,
      hint: "Stop what listens there, or use another port.",
    });
  }
  return new FilterwrightError("FW_ENVOY_CONFIG", `Envoy ${end} before it served`, {
    detail,
    hint: "The last critical or error line names what it refused.",
  });
}
