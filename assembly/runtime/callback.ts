import { giveBackAll } from "filterwright/assembly/runtime/arena";
import { collectWhenDue } from "filterwright/assembly/runtime/collect";

// What holds while one callback runs and not after it.

/** Counts callbacks and changes of the effective context: what was learned of headers under another number is stale. */
export let headersEpoch: u64 = 1;
/** Counts callbacks: what was learned of the log level under another number is stale. */
export let callbackEpoch: u64 = 1;

/** Every callback ends here. */
// @ts-ignore: decorator
@inline
export function endCallback(): void {
  headersEpoch++;
  callbackEpoch++;
  giveBackAll();
  collectWhenDue();
}

/** Header maps mean another stream from now on. */
export function forgetHeaders(): void {
  headersEpoch++;
}
