import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FilterwrightError } from "../errors.ts";

/** The part of an asconfig.json that names targets. */
interface Asconfig {
  extends?: string;
  targets?: Record<string, unknown>;
}

/**
 * Makes sure that an asconfig.json, or one that it extends, has a target: asc takes no notice of a name that is unknown.
 *
 * @throws FilterwrightError FW_BUILD_TARGET; a file that is no JSON is left to asc to report
 */
export function requireTarget(config: string, target: string): void {
  const known = targetsOf(config);
  if (known === undefined || known.has(target)) return;
  throw new FilterwrightError("FW_BUILD_TARGET", `expected one of ${[...known].join(", ")}, found ${target}`, {
    hint: `Targets are those of ${config} and of what it extends.`,
  });
}

/** @returns undefined where a file of the chain cannot be read */
function targetsOf(config: string, seen = new Set<string>()): Set<string> | undefined {
  if (seen.has(config)) return new Set();
  seen.add(config);
  try {
    const { targets = {}, extends: base } = JSON.parse(readFileSync(config, "utf8")) as Asconfig;
    const inherited = base === undefined ? new Set<string>() : targetsOf(createRequire(config).resolve(base), seen);
    return inherited && new Set([...Object.keys(targets), ...inherited]);
  } catch {
    return undefined;
  }
}
