import { moduleOf } from "../aot/bootstrap.ts";
import type { HttpFilter } from "../envoy/bootstrap.ts";

/** One way to do a job, as the filters before the router. */
export interface Variant {
  name: string;
  filters: HttpFilter[];
  /** Its modules are compiled ahead of time. */
  isAot?: true;
  /** What it does is not the job: it is shown for its own sake. */
  isOtherJob?: true;
}

/** Whether it is one that can be compiled ahead of time. */
export const hasModule = ({ filters }: Variant): boolean => filters.some((filter) => moduleOf(filter) !== undefined);

/** The same, compiled ahead of time. */
export function aheadOfTime(variant: Variant): Variant {
  return { ...variant, name: `${variant.name}, ahead of time`, isAot: true };
}
