import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { decodePairs } from "filterwright/assembly/runtime/pairs";
import { encodeLines } from "filterwright/assembly/filters/headers/encode-lines";
import { findLine } from "filterwright/assembly/filters/headers/find-line";

const picked = new HeaderList();

/**
 * Headers as they were at some moment, for values that are made later: the lines of the names that such values read, and no others.
 * What is noted for a stream is an `ArrayBuffer` in the form in which the host gives header lines.
 */
export class RememberedHeaders {
  /** The lines that were shown last; they live as long as the callback, and as what was noted. */
  readonly lines: HeaderList = new HeaderList();
  private readonly names: HeaderName[] = [];

  /** Whether a value reads any. */
  get isNeeded(): bool {
    return this.names.length > 0;
  }

  /** For when the configuration is read. */
  need(name: HeaderName): void {
    for (let i = 0; i < this.names.length; i++) if (this.names[i].text == name.text) return;
    this.names.push(name);
  }

  note(headers: HeaderList): ArrayBuffer {
    const names = this.names;
    picked.reset(headers.length);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      for (let at = findLine(headers, name, 0); at >= 0; at = findLine(headers, name, at + 1)) {
        picked.push(name.start, name.size, headers.valueStart(at), headers.valueSize(at));
      }
    }
    return encodeLines(picked);
  }

  /** @param noted null for what was never noted: there are no lines then */
  show(noted: ArrayBuffer | null): void {
    if (noted === null) this.lines.reset(0);
    else decodePairs(changetype<usize>(noted), noted.byteLength, this.lines);
  }
}
