import type { Draft } from "./draft.ts";

type Json = Record<string, unknown>;

/**
 * A value of the input, and where it stands. Reading it as what it is not refuses that place and gives undefined or nothing, so
 * that a reader goes on and every mistake is told.
 */
export class Place {
  readonly value: unknown;
  readonly path: string;
  readonly draft: Draft;

  constructor(value: unknown, path: string, draft: Draft) {
    this.value = value;
    this.path = path;
    this.draft = draft;
  }

  refuse(reason: string): void {
    this.draft.refuse(this.path || "the document", reason);
  }

  get isObject(): boolean {
    return isObject(this.value);
  }

  /** A member, by its name or its camelCase twin; undefined where it is missing or null. */
  get(key: string): Place | undefined {
    if (!isObject(this.value)) return undefined;
    const known = [key, camelCase(key)].find((name) => Object.hasOwn(this.value as Json, name));
    const value = known === undefined ? undefined : this.value[known];
    return value === undefined || value === null ? undefined : this.at(known!, value);
  }

  /** A member that must be there. */
  need(key: string, what: string): Place | undefined {
    const member = this.get(key);
    if (!member && this.isObject) this.refuse(`expected ${key}, ${what}`);
    return member;
  }

  /** Refuses other members than these, in snake_case or camelCase, and anything that is no object. @returns whether it is an object */
  expectKeys(keys: string[]): boolean {
    if (!isObject(this.value)) {
      this.refuse(`expected an object, found ${describe(this.value)}`);
      return false;
    }
    const known = new Set(keys.flatMap((key) => [key, camelCase(key)]));
    for (const [key, value] of Object.entries(this.value))
      if (!known.has(key)) this.at(key, value).refuse(`an unknown key; known are ${keys.join(", ")}`);
    return true;
  }

  /** The items of a list that may be missing. */
  list(key: string): Place[] {
    const member = this.get(key);
    return member ? member.items() : [];
  }

  items(): Place[] {
    if (Array.isArray(this.value))
      return this.value.map((item: unknown, index) => new Place(item, `${this.path}[${index}]`, this.draft));
    this.refuse(`expected a list, found ${describe(this.value)}`);
    return [];
  }

  /** A string, not empty. */
  text(): string | undefined {
    if (typeof this.value === "string" && this.value !== "") return this.value;
    const quotes = typeof this.value === "number" || typeof this.value === "boolean" ? ": put it in quotes" : "";
    this.refuse(`expected a text, found ${describe(this.value)}${quotes}`);
    return undefined;
  }

  /** One of some texts. @param otherwise where the member is missing */
  choice<Name extends string>(key: string, names: readonly Name[], otherwise: Name): Name | undefined {
    const member = this.get(key);
    if (!member) return otherwise;
    const found = names.find((name) => name === member.value);
    if (found === undefined) member.refuse(`expected one of ${names.join(", ")}, found ${describe(member.value)}`);
    return found;
  }

  /** A member's text; empty where it is none, which is not refused. */
  label(key: string): string {
    const value = this.get(key)?.value;
    return typeof value === "string" ? value : "";
  }

  boolean(key: string): boolean | undefined {
    const member = this.get(key);
    if (!member || typeof member.value === "boolean") return member?.value as boolean | undefined;
    member.refuse(`expected true or false, found ${describe(member.value)}`);
    return undefined;
  }

  private at(key: string, value: unknown): Place {
    const step = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return new Place(value, this.path === "" ? step : `${this.path}.${step}`, this.draft);
  }
}

export function isObject(value: unknown): value is Json {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** For a message: a text in quotes and cut short, another value by its kind. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `the ${typeof value} ${String(value)}`;
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
