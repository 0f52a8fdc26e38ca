import type { ByteString } from "./bytes.ts";
import { INLINE_HEADERS, type MapKind } from "./inline-headers.ts";
import type { Pair } from "./pairs.ts";

/**
 * The lines of one message, as Envoy's `HeaderMapImpl` keeps them: names in lower case, pseudo-headers before the others,
 * inline headers once each. On requests `host` is `:authority`.
 */
export class HeaderMap {
  private lines: Pair[] = [];
  private readonly kind: MapKind;

  constructor(kind: MapKind, lines: readonly Pair[] = []) {
    this.kind = kind;
    for (const [name, value] of lines) this.add(name, value);
  }

  get length(): number {
    return this.lines.length;
  }

  /** Names and values together. */
  get byteSize(): number {
    return this.lines.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  }

  /** In order. */
  pairs(): Pair[] {
    return this.lines.map(([name, value]) => [name, value]);
  }

  /** Every value, in order. */
  getAll(name: ByteString): ByteString[] {
    const key = this.keyOf(name);
    return this.lines.flatMap(([other, value]) => (other === key ? [value] : []));
  }

  /** The first value. */
  get(name: ByteString): ByteString | undefined {
    const key = this.keyOf(name);
    return this.lines.find(([other]) => other === key)?.[1];
  }

  /** `addCopy`: what an inline header has already is kept, with the new value behind it. */
  add(name: ByteString, value: ByteString): void {
    const key = this.keyOf(name);
    const line = INLINE_HEADERS[this.kind].has(key) ? this.lines.find(([other]) => other === key) : undefined;
    if (!line) this.insert(key, value);
    else if (value !== "") line[1] += line[1] === "" ? value : `,${value}`;
  }

  /** `setCopy`: one line in the place of all. */
  replace(name: ByteString, value: ByteString): void {
    this.remove(name);
    this.insert(this.keyOf(name), value);
  }

  /** What Envoy's own code does to an inline header: it keeps its place. */
  set(name: ByteString, value: ByteString): void {
    const line = this.lines.find(([other]) => other === name);
    if (line) line[1] = value;
    else this.insert(name, value);
  }

  remove(name: ByteString): void {
    const key = this.keyOf(name);
    this.lines = this.lines.filter(([other]) => other !== key);
  }

  clear(): void {
    this.lines = [];
  }

  private insert(key: ByteString, value: ByteString): void {
    const isPseudo = key.startsWith(":");
    const firstOther = isPseudo ? this.lines.findIndex(([name]) => !name.startsWith(":")) : -1;
    this.lines.splice(firstOther < 0 ? this.lines.length : firstOther, 0, [key, value]);
  }

  private keyOf(name: ByteString): ByteString {
    // ASCII only: Envoy's LowerCaseString leaves other bytes as they are.
    const key = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    return key === "host" && this.kind === "request headers" ? ":authority" : key;
  }
}
