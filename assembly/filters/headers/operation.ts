import { CallList } from "filterwright/assembly/filters/headers/call-list";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** One change to a message: what a rule's `request` and `response` list. */
export abstract class Operation {
  abstract run(pass: Pass): Outcome;

  /**
   * Puts down the host calls that it makes whatever the message is.
   *
   * @returns false where what it does depends on the message; nothing is put down then
   */
  putCalls(calls: CallList): bool {
    return false;
  }
}
