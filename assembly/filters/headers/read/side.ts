import { Problems } from "filterwright/assembly/document/problems";
import { Fields } from "filterwright/assembly/document/fields";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import {
  canonicalName,
  deniedProblem,
  nameProblem,
  removeProblem,
  writeProblem,
} from "filterwright/assembly/filters/headers/names";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Protection } from "filterwright/assembly/filters/headers/protection";
import { Settings } from "filterwright/assembly/filters/headers/settings";
import { NO_GROUPS, parseTemplate } from "filterwright/assembly/filters/headers/values/parse";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { quote } from "filterwright/assembly/text/format";
import { Regex } from "filterwright/assembly/regex";

/** Reads what a rule does to requests, or to responses. All that is wrong goes to `problems`; what comes of it is not used then. */
export class Side {
  readonly forWrites: Protection;
  readonly forRemovals: Protection;
  /** The regular expressions of the rule's match, which `%CAPTURE(n)%` may refer to. */
  captures: Regex[] = [];
  /** Whether a value did. */
  usesCaptures: bool = false;
  /** What was expected in the place of an operator. */
  expected: string = "";

  constructor(
    readonly isRequest: bool,
    readonly settings: Settings,
    readonly problems: Problems,
    readonly needs: Needs,
  ) {
    this.forWrites = new Protection(isRequest, false, settings.guard);
    this.forRemovals = new Protection(isRequest, true, settings.guard);
  }

  /** An object of the configuration. @param keys those that it may have */
  fields(value: Value, keys: string): Fields {
    return new Fields(value, this.problems, keys);
  }

  /** Its `name`, of a header that is to be written. */
  headerToWrite(fields: Fields): HeaderName {
    return this.nameToWrite(fields.required("name", "a header name"));
  }

  /** Its `value`. */
  valueOf(fields: Fields): Template {
    const value = fields.required("value", "a value");
    return value === null ? new Template() : this.template(value);
  }

  /** @param at null where the key is missing, which was told then */
  nameToWrite(at: Value | null): HeaderName {
    const name = this.name(at);
    if (at !== null && name.length > 0) this.tell(at, writeProblem(name, this.isRequest, this.settings.guard));
    return new HeaderName(name);
  }

  /** The key of a value as a name. */
  keyToWrite(at: Value): HeaderName {
    const name = canonicalName(at.key, this.isRequest);
    const problem = nameProblem(name);
    this.tell(at, problem.length > 0 ? problem : writeProblem(name, this.isRequest, this.settings.guard));
    return new HeaderName(name);
  }

  /** Names have no case: two keys of an object may be one name. */
  onceOnly(at: Value): void {
    const name = canonicalName(at.key, this.isRequest);
    const keys = at.outer!.items;
    for (let i = 0; keys[i] !== at; i++) {
      if (canonicalName(keys[i].key, this.isRequest) != name) continue;
      this.tell(at, "expected each name once, found " + quote(at.key) + " again");
      return;
    }
  }

  nameToRemove(at: Value | null): HeaderName {
    const name = this.name(at);
    if (at !== null && name.length > 0) this.tell(at, removeProblem(name, this.settings.guard));
    return new HeaderName(name);
  }

  nameToRead(at: Value | null): HeaderName {
    return new HeaderName(this.name(at));
  }

  /** Notes what was expected in the place of an operator. @returns null, which stands for none */
  expect(expected: string): Source | null {
    this.expected = expected;
    return null;
  }

  /** An operation writes a header that it does not name, such as `cookie`. */
  notDenied(at: Value, name: string): void {
    this.tell(at, deniedProblem(name, this.settings.guard));
  }

  template(at: Value): Template {
    return this.substitution(at, NO_GROUPS);
  }

  /** @param groups those of the pattern whose matches it takes the place of */
  substitution(at: Value, groups: i32): Template {
    if (at.kind != ValueKind.String) this.problems.addExpected(at, "a string");
    return parseTemplate(at.text, at, this, groups);
  }

  /** Empty where it is none, which was told then. */
  private name(at: Value | null): string {
    if (at === null) return "";
    if (at.kind != ValueKind.String) {
      this.problems.addExpected(at, "a header name");
      return "";
    }
    const name = canonicalName(at.text, this.isRequest);
    const problem = nameProblem(name);
    this.tell(at, problem);
    return problem.length > 0 ? "" : name;
  }

  private tell(at: Value, problem: string): void {
    if (problem.length > 0) this.problems.add(at, problem);
  }
}
