import { FilterwrightError } from "../errors.ts";

/** A filter does what Envoy has no answer to: it crashes, or reads memory that is no more. @throws FilterwrightError FW_UNDEFINED */
export function undefinedInEnvoy(what: string): never {
  throw new FilterwrightError("FW_UNDEFINED", `${what}: Envoy does not check this, and may crash`, {
    hint: "docs/host.md has the list of what the TypeScript host refuses to do.",
  });
}
