import { Guard } from "filterwright/assembly/filters/headers/names";

/** What a configuration says beside its rules. */
export class Settings {
  readonly guard: Guard = new Guard();
  /** `firstMatch`: a pass ends with the first rule that matches. */
  endsAtFirstMatch: bool = false;
  /** Rules are tried out: what they would change is told, and nothing is changed. */
  isShadow: bool = false;
  /** An operation that fails at run time is answered with 500, and not passed over. */
  failsClosed: bool = false;
  /** A configuration with mistakes is taken, and runs no rule. */
  passesInvalid: bool = false;
  /** By their names. */
  readonly secrets: Map<string, string> = new Map();
}
