/**
 * Every error code that a user can meet. The codes are stable: scripts may rely on them, and
 * docs/errors.md has a section for each.
 */
export const errorCodes = {
  FW_USAGE: "the command line, or an argument, is not understood",
  FW_BUILD_NO_FILTER: "there is no filter to build",
  FW_BUILD_FAILED: "the AssemblyScript compiler refused a filter",
  FW_BUILD_TARGET: "asconfig.json has no target of that name",
  FW_BUILD_WRITE: "a module cannot be written",
  FW_ENVOY_NOT_FOUND: "no Envoy is to be had",
  FW_ENVOY_BIN: "an Envoy that was found is none",
  FW_DOWNLOAD: "the pinned Envoy or compiler could not be downloaded",
  FW_DOWNLOAD_HASH: "what was downloaded is not the pinned file",
  FW_ENVOY_CONFIG: "Envoy refused its configuration and exited",
  FW_ENVOY_MODULE_MISSING: "the configuration names a file that is not there",
  FW_ENVOY_UPDATE: "Envoy refused a new configuration and keeps the old one",
  FW_ENVOY_EXITED: "Envoy ended while it was in use",
  FW_ENVOY_TIMEOUT: "Envoy did not do in time what was waited for",
  FW_PORT_BUSY: "a port is in use",
  FW_BENCH_TOOL: "a tool that measuring needs is missing",
  FW_AOT_COMPILER: "there is no C compiler, or it fails",
  FW_AOT_IMPORT: "a module imports what a dynamic module of Envoy cannot give",
  FW_AOT_LIBRARY: "a library of filterwright aot was built for another Envoy",
  FW_AOT_TRANSLATE: "wasm2c does not translate a module to C",
  FW_CONFIG_FILE: "a configuration file cannot be read",
  FW_RULES: "a rules file is not as it should be",
  FW_RENDER: "an engine cannot do exactly what the rules ask for",
  FW_IMPORT_INPUT: "what is to be imported cannot be read",
  FW_IMPORT: "rules cannot say all of a configuration exactly",
  FW_CASE_FILE: "a case file is not as it should be",
  FW_NO_ANSWER: "a request got no answer",
  FW_MODULE: "Envoy would not load a module",
  FW_CONFIG_REFUSED: "a module refuses its configuration",
  FW_TRAP: "a module trapped",
  FW_TIME_LIMIT: "a module did not return in time",
  FW_MEMORY_LIMIT: "a module filled the memory of the TypeScript host",
  FW_HOST_ENDED: "the process of the TypeScript host ended by itself",
  FW_UNEXPECTED_CALL: "a filter makes a host call that its test does not expect",
  FW_UNDEFINED: "a filter does what has no defined outcome in Envoy",
  FW_HOST_CALL: "a module makes a host call that the TypeScript host does not have",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** What went wrong, and what to do about it. Anything else that is thrown is a mistake of ours. */
export class FilterwrightError extends Error {
  override readonly name = "FilterwrightError";
  readonly code: ErrorCode;
  /** What the reader can do, a sentence or several lines. */
  readonly hint: string | undefined;
  /** What another program said of it: the end of Envoy's log, a compiler's diagnostics. */
  readonly detail: string | undefined;

  /** @param message what was expected, what came, and where */
  constructor(code: ErrorCode, message: string, more: { hint?: string; detail?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
    this.detail = more.detail;
  }

  /** The whole as text for a person. */
  format(): string {
    const parts = [`error ${this.code}: ${this.message}`];
    if (this.detail) parts.push(this.detail.replace(/^/gm, "  "));
    if (this.hint) parts.push(this.hint);
    return parts.join("\n");
  }
}
