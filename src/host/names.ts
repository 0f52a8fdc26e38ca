import { FilterwrightError } from "../errors.ts";
import { nearest } from "./nearest.ts";
import { CALLBACK_NAMES, HOST_FUNCTIONS, isCapability } from "./signatures.ts";

/** Names that a caller gives of what Envoy has. @param where they stand @throws FilterwrightError FW_USAGE on another */
export function expectHostCalls(where: string, names: readonly string[]): void {
  expectNames(`a host call that Envoy has ${where}`, names, CALLS);
}

/** @throws FilterwrightError FW_USAGE */
export function expectCapabilities(names: readonly string[]): void {
  expectNames("a capability that Envoy has", names, CAPABILITIES);
}

const CALLS = HOST_FUNCTIONS.map(({ name }) => name);
const CAPABILITIES = [...CALLS, ...CALLBACK_NAMES].filter(isCapability);

function expectNames(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const advice = near === undefined ? "" : `: did you mean ${near}?`;
  throw new FilterwrightError("FW_USAGE", `expected ${what}, found ${JSON.stringify(unknown)}${advice}`);
}
