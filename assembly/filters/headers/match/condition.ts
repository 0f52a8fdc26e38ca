import { Description } from "filterwright/assembly/filters/headers/description";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** One thing that a match asks of a message. */
export abstract class Condition {
  abstract holds(pass: Pass): bool;

  /** Writes the members of an object: `condition`, and what it needs. */
  abstract describe(to: Description): void;
}
