import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { instantiateGuest } from "../guest-module.ts";

interface Guest {
  memory: WebAssembly.Memory;
  make(slot: number, size: number, fill: number): void;
  link(from: number, to: number, isLeft: number): void;
  move(from: number, to: number): void;
  drop(slot: number): void;
  look(slot: number, path: number, steps: number): number;
  collect(): void;
  fixItem(at: number, slot: number): void;
  fixedSize(at: number): number;
  chain(length: number): number;
  append(count: number): number;
  stretch(count: number): number;
  forgetAppended(): void;
  fixedIsStatic(): number;
  pin(size: number): number;
  unpin(address: number): void;
  allocate(size: number): number;
  reallocate(address: number, size: number): number;
  release(address: number): void;
}

let guest: Guest;
beforeEach(async () => {
  guest = (await instantiateGuest("heap-walk")) as unknown as Guest;
});

/** What the guest's items should be. */
interface Item {
  size: number;
  fill: number;
  left: Item | null;
  right: Item | null;
}

const SLOTS = 16;
const slot = fc.nat(SLOTS - 1);
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant("make" as const), slot, fc.nat(3000), fc.integer({ min: 1, max: 255 })),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constant("link" as const), slot, slot, fc.nat(1)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("move" as const), slot, slot) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("drop" as const), slot) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("collect" as const)) },
);

test("whatever can be reached stays as it is, through any collections, and what cannot makes room", () => {
  const expected: (Item | null)[] = Array.from({ length: SLOTS }, () => null);
  const run = (operations: (typeof operation extends fc.Arbitrary<infer T> ? T : never)[]) => {
    for (const [name, ...args] of operations) {
      const [a = 0, b = 0, c = 0] = args as number[];
      (guest[name] as (...args: number[]) => void)(a, b, c);
      const item = expected[a] ?? null;
      if (name === "make") expected[a] = { size: b, fill: c, left: null, right: null };
      else if (name === "drop") expected[a] = null;
      else if (name === "move") expected[b] = item;
      else if (name === "link" && item) item[c === 1 ? "left" : "right"] = expected[b] ?? null;
    }
    for (let at = 0; at < SLOTS; at++) {
      for (let path = 0; path < 8; path++) {
        let item = expected[at] ?? null;
        for (let i = 0; i < 3 && item; i++) item = (path >> i) & 1 ? item.right : item.left;
        const seen = guest.look(at, path, 3);
        expect(seen).toBe(item === null ? -1 : (item.size << 8) | (item.size > 0 ? item.fill : 0));
      }
    }
  };
  fc.assert(fc.property(fc.array(operation, { maxLength: 120 }), run), { numRuns: 1500 });
  // At most 16 slots were ever reached from the outside, each with a few items of 3 KB behind it.
  expect(guest.memory.buffer.byteLength).toBeLessThan(6 * 1024 * 1024);
});

test("the same work over and over takes no more memory than the first times", () => {
  const work = (): void => {
    for (let i = 0; i < 3000; i++) guest.make(i % SLOTS, (i * 37) % 3000, 1);
    guest.append(1000);
    guest.forgetAppended();
    guest.collect();
  };
  for (let i = 0; i < 5; i++) work();
  const after5 = guest.memory.buffer.byteLength;
  for (let i = 0; i < 100; i++) work();
  expect(guest.memory.buffer.byteLength).toBe(after5);
});

test("a chain of a million objects is collected without a stack for it", () => {
  expect(guest.chain(1_000_000)).toBe(1_000_000);
  expect(guest.chain(10)).toBe(10);
});

test("what only static data holds stays, collection after collection", () => {
  expect(guest.fixedIsStatic()).toBe(1);
  for (let i = 0; i < 6; i++) {
    guest.make(0, 100 + i, 7);
    guest.fixItem(0, 0);
    guest.drop(0);
    guest.collect();
    for (let at = 1; at < SLOTS; at++) guest.make(at, 300 + at, 9);
    guest.collect();
    expect(guest.fixedSize(0)).toBe(100 + i);
    if (i % 2) guest.fixItem(0, 0); // null
    guest.collect();
    expect(guest.fixedSize(0)).toBe(i % 2 ? -1 : 100 + i);
  }
});

test("an array keeps what it has as it grows", () => {
  for (const count of [1, 7, 100, 5000, 60_000]) {
    expect(guest.append(count)).toBe(1);
    expect(guest.stretch(count * 5)).toBe(1);
  }
});

test("what is pinned stays until it is unpinned as often", () => {
  const bytes = (address: number) => new Uint8Array(guest.memory.buffer, address, 1000);
  const fillSlots = () => {
    guest.collect();
    for (let at = 0; at < SLOTS; at++) guest.make(at, 1000, 1);
  };
  const first = guest.pin(1000);
  const second = guest.pin(1000);
  fillSlots();
  expect([...bytes(first), ...bytes(second)].every((byte) => byte === 0xa5)).toBe(true);
  guest.unpin(first);
  fillSlots();
  expect(bytes(first).every((byte) => byte === 0xa5)).toBe(false);
  expect(bytes(second).every((byte) => byte === 0xa5)).toBe(true);
});

test("raw blocks do not overlap, are aligned to 16, and are used again", () => {
  const sizes = fc.oneof(fc.nat(64), fc.nat(5000), fc.nat(200_000));
  fc.assert(
    fc.property(fc.array(fc.record({ size: sizes, regrow: fc.option(sizes) }), { maxLength: 40 }), (blocks) => {
      const taken = blocks.map(({ size, regrow }, index) => {
        let address = guest.allocate(size) >>> 0;
        new Uint8Array(guest.memory.buffer, address, size).fill(index);
        if (regrow !== null) {
          address = guest.reallocate(address, regrow) >>> 0;
          const kept = new Uint8Array(guest.memory.buffer, address, Math.min(size, regrow));
          expect(kept.every((byte) => byte === index)).toBe(true);
          new Uint8Array(guest.memory.buffer, address, regrow).fill(index);
        }
        expect(address % 16).toBe(0);
        return { address, size: regrow ?? size };
      });
      taken.forEach(({ address, size }, index) => {
        expect(new Uint8Array(guest.memory.buffer, address, size).every((byte) => byte === index)).toBe(true);
      });
      for (const { address } of taken) guest.release(address);
    }),
    { numRuns: 300 },
  );
  expect(guest.memory.buffer.byteLength).toBeLessThan(40 * 1024 * 1024);
});
