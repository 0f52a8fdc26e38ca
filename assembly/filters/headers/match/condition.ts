import { Pass } from "filterwright/assembly/filters/headers/pass";

/** One thing that a match asks of a message. */
export abstract class Condition {
  abstract holds(pass: Pass): bool;
}
