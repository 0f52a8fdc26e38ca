import { type Bar, decideBars, readBars, referenceBars, rulesBars } from "./bars.ts";
import { type BenchRequest, DECIDE_REQUEST, REFERENCE_REQUEST } from "./request.ts";
import { addVariants, decideVariants, stateVariants } from "./rules-variants.ts";
import type { Variant } from "./variant.ts";
import { readVariants, referenceVariants } from "./variants.ts";

/** Something that filters do, and ways to do it. */
export interface Job {
  name: string;
  /** What is done. */
  title: string;
  request: BenchRequest;
  /** The first is no filter. */
  variants(root: string): Promise<Variant[]>;
  /** The variant that others are shown as multiples of. */
  against: string;
  bars: Bar[];
  /** Measured in full runs only. */
  isLong?: true;
}

export const referenceJob: Job = {
  name: "reference",
  title: "each direction gains a header and loses one",
  request: REFERENCE_REQUEST,
  variants: referenceVariants,
  against: "floor",
  bars: referenceBars,
};

export const jobs: Job[] = [
  referenceJob,
  {
    name: "reading",
    title: "three headers read, one written",
    request: REFERENCE_REQUEST,
    variants: readVariants,
    against: "Lua",
    bars: readBars,
    isLong: true,
  },
  {
    name: "adding",
    title: "each direction gains ten headers",
    request: REFERENCE_REQUEST,
    variants: addVariants,
    against: "host calls by hand",
    bars: [rulesBars.add],
  },
  {
    name: "remembering",
    title: "the response gains a header where the request had a path",
    request: { ...REFERENCE_REQUEST, path: "/api/x" },
    variants: stateVariants,
    against: "host calls by hand",
    bars: [rulesBars.state],
  },
  {
    name: "deciding",
    title: "host and path matched, a prefix dropped, one header made, one appended to, one deduplicated",
    request: DECIDE_REQUEST,
    variants: decideVariants,
    against: "Lua",
    bars: decideBars,
  },
];
