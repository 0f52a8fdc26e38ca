// Lets a test in Node make objects in regions, and free those.

import "@solo-io/proxy-runtime";
import { enterRegion, freeRegion, newRegion, objectsMade } from "filterwright/assembly/heap/regions";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { IdTable } from "filterwright/assembly/runtime/id-table";

class Fields {
  zero: i32 = 0;
  wide: i64 = 0;
  none: Fields | null = null;
  isFalse: bool = false;
  number: f64 = 0;
  minusZero: f64 = -0.0;
  one: i32 = 1;
}

class Given {
  later: i32 = 0;

  constructor(given: Given | null) {
    if (given !== null) this.later = given.later + 1;
  }
}

/** A class whose first field's value is made by who sets the second one. */
class Knowing {
  first: i32 = setSecond(this);
  second: i32 = 0;
}

function setSecond(knowing: Knowing): i32 {
  knowing.second = 7;
  return 1;
}

const forever: u32[] = [];

export { enterRegion as enter, freeRegion as free, newRegion as create, objectsMade };

/** An object with every byte of its fields set. @returns its address */
export function makeDirty(): usize {
  const object = new Fields();
  memory.fill(changetype<usize>(object), 0xff, offsetof<Fields>());
  return changetype<usize>(object);
}

/** So many bytes that are all set. */
export function makeBytes(size: i32): void {
  memory.fill(changetype<usize>(new ArrayBuffer(size)), 0xff, size);
}

/** @returns the address of an object whose fields are what the class says; 0 where one is not */
export function makeClean(): usize {
  const object = new Fields();
  const isClean =
    object.zero == 0 &&
    object.wide == 0 &&
    object.none === null &&
    !object.isFalse &&
    object.number == 0 &&
    1 / object.minusZero == -Infinity &&
    object.one == 1;
  return isClean ? changetype<usize>(object) : 0;
}

export function laterOfThree(): i32 {
  return new Given(new Given(new Given(null))).later;
}

/** What the class says comes last, as in TypeScript. */
export function secondOfKnowing(): i32 {
  return new Knowing().second;
}

/** Appends to an array of the first region. */
export function append(count: i32): void {
  for (let i = 0; i < count; i++) forever.push(forever.length);
}

/** Whether the array has what was appended. */
export function hasAppended(): bool {
  for (let i = 0; i < forever.length; i++) if (forever[i] != i) return false;
  return true;
}

const writer = new ByteWriter();
const table = new IdTable();

/** Has what was made in the first region grow. */
export function grow(count: i32): void {
  for (let i = 0; i < count; i++) {
    table.add(writer.size, forever);
    writer.byte(<u8>writer.size);
  }
}

export function hasGrown(): bool {
  for (let i = 0; i < writer.size; i++) if (load<u8>(writer.start + i) != <u8>i) return false;
  for (let i = 0; i < writer.size; i++) if (table.find(i) !== forever) return false;
  return true;
}
