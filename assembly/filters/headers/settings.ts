import { Guard } from "filterwright/assembly/filters/headers/names";

/** A key for `hmac`. What it is never leaves the filter. */
export class Secret {
  constructor(
    readonly name: string,
    readonly key: string,
  ) {}
}

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
  /** Values may have claims of tokens that nobody has verified. */
  allowUnverifiedJwt: bool = false;
  readonly secrets: Secret[] = [];

  secret(name: string): Secret | null {
    for (let i = 0; i < this.secrets.length; i++) if (this.secrets[i].name == name) return this.secrets[i];
    return null;
  }
}
