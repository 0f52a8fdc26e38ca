import { Operation } from "filterwright/assembly/filters/headers/operation";

/** What a rule has come to since it was last told of. */
export class Counters {
  matched: u64 = 0;
  applied: u64 = 0;
  skipped: u64 = 0;
  rejected: u64 = 0;
  error: u64 = 0;
}

/** One rule of a configuration. */
export class Rule {
  readonly request: Operation[] = [];
  readonly response: Operation[] = [];
  readonly counters: Counters = new Counters();
  /** Where it matches, its pass ends. */
  stops: bool = false;
  isShadow: bool = false;

  constructor(readonly name: string) {}
}
