import { CONDITION_HELPERS } from "./lua-helpers-conditions.ts";
import { EDIT_HELPERS } from "./lua-helpers-edits.ts";
import { LINE_HELPERS } from "./lua-helpers-lines.ts";
import { PARAMETER_HELPERS } from "./lua-helpers-parameters.ts";

/** A function of the scripts. */
export interface Helper {
  /** Other helpers, which stand in front of it. */
  uses?: HelperName[];
  code: string;
}

export type HelperName =
  | keyof typeof LINE_HELPERS
  | keyof typeof PARAMETER_HELPERS
  | keyof typeof EDIT_HELPERS
  | keyof typeof CONDITION_HELPERS;

/** All that scripts may have, each behind those that it uses. A script has those that it needs. */
export const HELPERS: Record<HelperName, Helper> = {
  ...(LINE_HELPERS as Record<keyof typeof LINE_HELPERS, Helper>),
  ...(PARAMETER_HELPERS as Record<keyof typeof PARAMETER_HELPERS, Helper>),
  ...(EDIT_HELPERS as Record<keyof typeof EDIT_HELPERS, Helper>),
  ...(CONDITION_HELPERS as Record<keyof typeof CONDITION_HELPERS, Helper>),
};
