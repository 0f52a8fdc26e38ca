import type { HttpFilter } from "../envoy/bootstrap.ts";

/** One way to do a job, as the filters before the router. */
export interface Variant {
  name: string;
  filters: HttpFilter[];
  /** Its modules are compiled ahead of time. */
  isAot?: true;
}

/** The same, compiled ahead of time. */
export function aheadOfTime({ name, filters }: Variant): Variant {
  return { name: `${name}, ahead of time`, filters, isAot: true };
}
