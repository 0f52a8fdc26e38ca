import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where downloads, and what is made once, are kept: `FILTERWRIGHT_CACHE`, else `XDG_CACHE_HOME/filterwright`, else
 * `~/.cache/filterwright`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env["FILTERWRIGHT_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "filterwright");
}
