// What is made in a region: assembly/heap/regions.ts, and src/build/zero-stores.ts, which takes new memory to be zero.
import { beforeEach, expect, test } from "vitest";
import { instantiateGuest } from "../guest-module.ts";

type Names = "create" | "makeDirty" | "makeClean" | "laterOfThree" | "secondOfKnowing" | "hasAppended" | "hasGrown";
type Guest = Record<Names | "objectsMade", () => number> &
  Record<"enter" | "free" | "append" | "grow" | "makeBytes", (value: number) => number> & {
    memory: WebAssembly.Memory;
  };

let guest: Guest;
beforeEach(async () => {
  guest = (await instantiateGuest("regions-walk")) as unknown as Guest;
});

/** Makes something in a region of its own, which is freed. */
function passing<T>(make: () => T): T {
  const region = guest.create();
  const outside = guest.enter(region);
  const made = make();
  guest.enter(outside);
  guest.free(region);
  return made;
}

test("a region that is freed leaves its memory to the next", () => {
  passing(() => guest.makeDirty());
  const before = guest.memory.buffer.byteLength;
  for (let i = 0; i < 100_000; i++) passing(() => guest.makeDirty());
  expect(guest.memory.buffer.byteLength).toBe(before);
  expect(guest.objectsMade()).toBeGreaterThan(100_000);
});

test("fields are what the class says, whatever was there before", () => {
  const address = passing(() => guest.makeDirty());
  expect(passing(() => guest.makeClean())).toBe(address);
  expect(guest.laterOfThree()).toBe(2);
  expect(guest.secondOfKnowing()).toBe(0);
});

test("what was made before grows in the region where it is", () => {
  for (let i = 0; i < 20; i++) {
    passing(() => {
      guest.append(100);
      guest.grow(100);
    });
    // Takes and overwrites whatever was freed.
    for (let size = 16; size < 65_536; size += size >> 2) passing(() => guest.makeBytes(size));
  }
  expect([guest.hasAppended(), guest.hasGrown()]).toEqual([1, 1]);
});
