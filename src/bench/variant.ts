import type { HttpFilter } from "../envoy/bootstrap.ts";

/** One way to do a job, as the filters before the router. */
export interface Variant {
  name: string;
  filters: HttpFilter[];
}
