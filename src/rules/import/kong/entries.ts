import { describe, type Place } from "../place.ts";

/** Kong runs these in this order, whatever the order they are written in. */
export const VERBS = ["remove", "rename", "replace", "add", "append"] as const;

export type Verb = (typeof VERBS)[number];

/** A `name:value` of a list; the value is undefined where there is none. */
export interface Entry {
  at: Place;
  name: string;
  value: string | undefined;
}

/** Reads a list of `name:value`. @param needsValue refuses an entry without one, of which Kong makes nothing, or less */
export function readEntries(list: Place[], needsValue: boolean): Entry[] {
  return list.flatMap((at) => {
    const text = at.text();
    if (text === undefined) return [];
    const [, name, value] = /^([^:]+):*([^]*)$/.exec(text) ?? [];
    if (name === undefined || (needsValue && !value)) {
      at.refuse(`expected NAME:VALUE, found ${describe(text)}`);
      return [];
    }
    if (value?.startsWith("{vault://")) {
      at.refuse("a reference to a vault: rules have no secrets but those of the VM's environment");
      return [];
    }
    return [{ at, name, value: value || undefined }];
  });
}

/**
 * Whether a name is one that Kong takes, and means the same here: it takes `_` for `-` where it looks for a header, our rules
 * do not.
 */
export function isHeaderName({ at, name }: Entry, text = name): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(text))
    at.refuse(`expected a header's name of A-Z, a-z, 0-9, _ and -, found ${describe(text)}`);
  else if (text.includes("_")) at.refuse(`${text}: Kong takes _ for - where it looks for a header: write -`);
  else return true;
  return false;
}
