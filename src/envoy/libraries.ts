import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expectBuiltFor, readAbout } from "../aot/about.ts";

/**
 * Looks at the libraries of a configuration's dynamic modules. Envoy itself would load one of ours that was built for another release, with
 * a warning, and call it by the wrong types. Libraries of others are their own affair, and one that is not there, Envoy names.
 *
 * @param config a bootstrap, a filter's configuration, or any other part @param cwd where relative paths start
 * @throws FilterwrightError FW_AOT_LIBRARY
 */
export function expectLibrariesFor(envoyVersion: string, config: unknown, cwd = process.cwd()): void {
  for (const name of filesOfModules(config)) {
    const file = resolve(cwd, name);
    const about = existsSync(file) ? readAbout(readFileSync(file)) : undefined;
    if (about) expectBuiltFor(about, envoyVersion, name);
  }
}

/** `dynamic_module_config.module.local.filename`, wherever it stands. */
function filesOfModules(config: unknown): string[] {
  if (typeof config !== "object" || config === null) return [];
  return Object.entries(config).flatMap(([field, value]) => {
    const file = field === "dynamic_module_config" ? value?.module?.local?.filename : undefined;
    return typeof file === "string" ? [file] : filesOfModules(value);
  });
}
