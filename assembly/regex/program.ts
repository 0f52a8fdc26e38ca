import { Words } from "filterwright/assembly/regex/words";

/** The largest program, in instructions. */
export const MAX_PROGRAM: i32 = 4096;

/** What an instruction does; x and y are its operands. */
export enum Op {
  /** Takes a character from x to x + y. */
  Range,
  /** Takes the ASCII letter x, which is a small one, or its capital. */
  Letter,
  /** Takes a character of the set that stands x bytes into the sets. */
  Set,
  /** Goes on at a distance of x bytes, and with less priority at y. */
  Split,
  /** Goes on at a distance of x bytes. */
  Jump,
  /** Keeps the place in slot x. */
  Save,
  /** Goes on where x, a `Place`, is here. */
  Assert,
  /** The pattern has matched. */
  Match,
}

// @ts-ignore: decorator
@unmanaged
export class Instruction {
  op!: Op;
  x!: i32;
  y!: i32;
  /** The machine's: when it last came by. 64 bits, so that the count never comes round. */
  mark!: u64;
}

const SIZE: i32 = offsetof<Instruction>();

/**
 * A program, as it is being written. What a part of the pattern compiles to is one run of instructions, entered at the first
 * and left behind the last; distances in it are relative, so that it may be moved and copied as it is.
 */
export class Program {
  private readonly code: Words = new Words();
  /** The character sets that instructions name; see sets.ts. */
  readonly sets: Words = new Words();

  /** How many instructions there are. */
  get size(): i32 {
    return this.code.size / SIZE;
  }

  at(index: i32): Instruction {
    return changetype<Instruction>(this.code.start + index * SIZE);
  }

  emit(op: Op, x: i32, y: i32): void {
    this.code.take(SIZE);
    this.put(this.size - 1, op, x, y);
  }

  /** Puts an instruction in front of the run that begins at an index and is the last. */
  insert(index: i32, op: Op, x: i32, y: i32): void {
    const end = this.code.take(SIZE);
    const from = changetype<usize>(this.at(index));
    memory.copy(from + SIZE, from, end - from);
    this.put(index, op, x, y);
  }

  /** Writes a run of instructions once more. */
  copy(index: i32, length: i32): void {
    const to = this.code.take(length * SIZE);
    memory.copy(to, changetype<usize>(this.at(index)), length * SIZE);
  }

  /** Forgets the instructions from an index on. */
  cut(index: i32): void {
    this.code.size = index * SIZE;
  }

  private put(index: i32, op: Op, x: i32, y: i32): void {
    const instruction = this.at(index);
    instruction.op = op;
    instruction.x = x;
    instruction.y = y;
    instruction.mark = 0;
  }
}

/** The distance in bytes to what stands so many instructions on. */
// @ts-ignore: decorator
@inline
export function distance(instructions: i32): i32 {
  return instructions * SIZE;
}
