import { Description } from "filterwright/assembly/filters/headers/description";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** One change to a message: what a rule's `request` and `response` list. */
export abstract class Operation {
  /** How many operations of the configuration it is. */
  weight: i32 = 1;

  abstract run(pass: Pass): Outcome;

  /** Writes the members of an object: `operation`, and what it needs. */
  abstract describe(to: Description): void;
}
