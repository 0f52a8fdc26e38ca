import { CallList } from "filterwright/assembly/filters/headers/call-list";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";

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

/** `set`, `add`, `addIfAbsent`, `setIfPresent`: a line for each value. */
export class Write extends Operation {
  constructor(
    private readonly kind: WriteKind,
    private readonly name: HeaderName,
    private readonly templates: Template[],
    private readonly keepsEmpty: bool,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const values = pass.values;
    if (this.kind >= WriteKind.AddIfAbsent) {
      const isThere = headers.lines.find(this.name.start, this.name.size) >= 0;
      if (isThere != (this.kind == WriteKind.SetIfPresent)) return Outcome.Skipped;
    }
    // All values before the first write: a value may be made of the header that is written.
    values.clear();
    const ends = pass.ends;
    ends.length = 0;
    for (let i = 0; i < this.templates.length; i++) {
      const outcome = this.templates[i].write(pass, values);
      if (outcome != Outcome.Applied) return outcome;
      ends.push(values.size);
    }
    let isFirst = this.kind == WriteKind.Set || this.kind == WriteKind.SetIfPresent;
    let written = 0;
    for (let i = 0; i < ends.length; i++) {
      const from = i == 0 ? 0 : ends[i - 1];
      const size = ends[i] - from;
      if (size == 0 && !this.keepsEmpty) continue;
      if (isFirst) headers.replace(this.name.start, this.name.size, values.start + from, size);
      else headers.add(this.name.start, this.name.size, values.start + from, size);
      isFirst = false;
      written++;
    }
    return written > 0 ? Outcome.Applied : Outcome.Skipped;
  }

  override putCalls(calls: CallList): bool {
    if (this.kind >= WriteKind.AddIfAbsent) return false;
    for (let i = 0; i < this.templates.length; i++) if (this.templates[i].text === null) return false;
    let isFirst = this.kind == WriteKind.Set;
    for (let i = 0; i < this.templates.length; i++) {
      const text = this.templates[i].text!;
      if (text.size == 0 && !this.keepsEmpty) continue;
      if (isFirst) calls.replace(this.name.bytes, text);
      else calls.add(this.name.bytes, text);
      isFirst = false;
    }
    return true;
  }
}
