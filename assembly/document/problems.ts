import { Value } from "filterwright/assembly/document/value";

/** One thing that is wrong with a configuration. */
export class Problem {
  constructor(
    /** As `rules[0].request[1]`. */
    readonly path: string,
    readonly message: string,
  ) {}
}

/** All that is wrong with a configuration, in the order of its text. */
export class Problems {
  readonly list: Problem[] = [];

  get isEmpty(): bool {
    return this.list.length == 0;
  }

  add(at: Value, message: string): void {
    this.list.push(new Problem(at.path(), message));
  }

  addExpected(at: Value, expected: string): void {
    this.add(at, "expected " + expected + ", found " + at.describe());
  }

  /** As one line: `PATH: MESSAGE; PATH: MESSAGE`. */
  toString(): string {
    let text = "";
    for (let i = 0; i < this.list.length; i++) {
      text += (i == 0 ? "" : "; ") + this.list[i].path + ": " + this.list[i].message;
    }
    return text;
  }
}
