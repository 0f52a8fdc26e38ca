import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template, fixedTemplate } from "filterwright/assembly/filters/headers/values/template";

export enum WriteKind {
  /** In the place of all lines. */
  Set,
  /** Behind those that are there. */
  Add,
  /** Where there is none. */
  AddIfAbsent,
  /** In the place of all lines, where there are some. */
  SetIfPresent,
}

// @ts-ignore: decorator
@lazy const NAMES = ["set", "add", "addIfAbsent", "setIfPresent"];

/** `set`, `add`, `addIfAbsent`, `setIfPresent`: a line for each value. */
export class Write extends Operation {
  constructor(
    private readonly kind: WriteKind,
    private readonly name: HeaderName,
    private readonly values: Template[],
    /** `keepEmptyValue`: an empty value is a line, too. */
    private readonly keepsEmpty: bool,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const kind = this.kind;
    const headers = pass.headers;
    if (kind >= WriteKind.AddIfAbsent && headers.has(this.name) != (kind == WriteKind.SetIfPresent)) {
      return Outcome.Skipped;
    }
    const lines = pass.newLines;
    lines.begin();
    const values = this.values;
    for (let i = 0, count = values.length; i < count; i++) {
      const outcome = values[i].write(pass, lines.writer);
      if (outcome != Outcome.Applied) return outcome;
      if (this.keepsEmpty || lines.openSize > 0) lines.endLine();
    }
    if (lines.count == 0) return Outcome.Skipped;
    if (kind == WriteKind.Set || kind == WriteKind.SetIfPresent) headers.replaceAll(this.name, lines);
    else headers.addAll(this.name, lines);
    return Outcome.Applied;
  }

  describe(to: Description): void {
    to.text("operation", NAMES[this.kind]);
    to.name("name", this.name);
    to.templates("values", this.values);
    to.flag("keepEmptyValue", this.keepsEmpty);
  }
}

/** A `set` or an `add` of one value that is the same for every message: one host call. */
export class FixedWrite extends Operation {
  constructor(
    readonly kind: WriteKind,
    readonly name: HeaderName,
    readonly value: Bytes,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const value = this.value;
    if (this.kind == WriteKind.Set) pass.headers.replace(name.start, name.size, value.start, value.size);
    else pass.headers.add(name.start, name.size, value.start, value.size);
    return Outcome.Applied;
  }

  describe(to: Description): void {
    to.text("operation", NAMES[this.kind]);
    to.name("name", this.name);
    to.templates("values", [fixedTemplate(this.value.toString())]);
    to.flag("keepEmptyValue", this.value.size == 0);
  }
}

/** A write of one value. */
export function newWriteOf(kind: WriteKind, name: HeaderName, value: Template): Operation {
  return newWrite(kind, name, [value], false);
}

/** @param keepsEmpty an empty value is a line, too */
export function newWrite(kind: WriteKind, name: HeaderName, values: Template[], keepsEmpty: bool): Operation {
  const text = values.length == 1 && kind <= WriteKind.Add ? values[0].text : null;
  return text !== null && (text.size > 0 || keepsEmpty)
    ? new FixedWrite(kind, name, text)
    : new Write(kind, name, values, keepsEmpty);
}
