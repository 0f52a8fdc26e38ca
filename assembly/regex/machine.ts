/// <reference path="./asc.d.ts" />

import { isPlace, Place } from "filterwright/assembly/regex/place";
import { Instruction, Op, Program } from "filterwright/assembly/regex/program";
import { contains } from "filterwright/assembly/regex/sets";
import { characterAt, characterSize } from "filterwright/assembly/text/utf8";

// Pike's machine, after https://swtch.com/~rsc/regexp/regexp2.html: all threads read the same character, then the next. A
// thread stands at an instruction that takes a character, or at the match, and has slots with where groups began and ended.
// Threads are in order of priority, and one that reaches an instruction where another stands is dropped: so there are never
// more than instructions, and the time is at most text times program.
//
//     thread: | instruction u32 | slots[0] i32 | slots[1] i32 | ...
//
// Slot 0 is where the match begins, 2n-1 and 2n where group n begins and ends; -1 for nowhere.

/** Bytes of a thread in front of its slots. */
const THREAD_HEAD: usize = 4;
const SLOT_SIZE: usize = 4;
const INSTRUCTION_SIZE: usize = offsetof<Instruction>();
/** On the stack: of an entry that is an instruction to go on at, and no slot to be put back. */
const BRANCH: i32 = -2;

/** Steps taken by all machines, counted where a module declares a global REGEX_STEPS. */
export let steps: i32 = 0;

/** Runs a program on texts. It takes no memory after its constructor. */
export class Machine {
  /** Where the last match ended. An offset, as the slots are. */
  matchEnd: i32 = -1;

  private readonly first: usize;
  private readonly sets: usize;
  private readonly threadSize: usize;
  private readonly buffer: ArrayBuffer;
  /** Threads that await the character here, and those that await the next one. */
  private here: usize;
  private next: usize;
  /** What to follow later, and slots to be put back before: | address of an instruction or a slot u32 | BRANCH or value i32 |. */
  private readonly stack: usize;
  /** A thread that has not begun, and the one that matched last. */
  private readonly fresh: usize;
  private readonly matched: usize;
  /** Counts the lists of threads that were filled. */
  private generation: u64 = 0;
  private textStart: usize = 0;
  private textEnd: usize = 0;
  /** Whether a match can only begin where the text does. */
  private isAnchored: bool = false;
  /** Whether every place is taken for what is asked of it. */
  private isSurveying: bool = false;
  /** The ASCII characters that a match can begin with: bits of 0 to 63 and of 64 to 127. */
  private firstLow: u64 = 0;
  private firstHigh: u64 = 0;

  constructor(
    private readonly program: Program,
    groupCount: i32,
  ) {
    const threadSize = THREAD_HEAD + (<usize>groupCount * 2 + 1) * SLOT_SIZE;
    const listSize = <usize>program.size * threadSize;
    // Each instruction is followed once, and leaves one entry at most.
    const stackSize = <usize>program.size * 8;
    const buffer = new ArrayBuffer(<i32>(listSize * 2 + stackSize + threadSize * 2));
    this.first = changetype<usize>(program.at(0));
    this.sets = program.sets.start;
    this.buffer = buffer;
    this.threadSize = threadSize;
    this.here = changetype<usize>(buffer);
    this.next = this.here + listSize;
    this.stack = this.next + listSize;
    this.fresh = this.stack + stackSize;
    this.matched = this.fresh + threadSize;
    memory.fill(this.fresh, 0xff, threadSize);
    this.survey();
  }

  /** Finds out how a match can begin. */
  private survey(): void {
    let beginning = changetype<Instruction>(this.first);
    while (beginning.op == Op.Save)
      beginning = changetype<Instruction>(changetype<usize>(beginning) + INSTRUCTION_SIZE);
    this.isAnchored = beginning.op == Op.Assert && beginning.x == Place.TextStart;
    this.generation++;
    this.isSurveying = true;
    const tail = this.follow(this.here, this.first, this.fresh, 0);
    this.isSurveying = false;
    for (let thread = this.here; thread < tail; thread += this.threadSize) {
      const instruction = changetype<Instruction>(load<usize>(thread));
      for (let c = 0; c < 128; c++) {
        if (instruction.op != Op.Match && !this.takes(instruction, c)) continue;
        if (c < 64) this.firstLow |= (<u64>1) << c;
        else this.firstHigh |= (<u64>1) << (c - 64);
      }
    }
  }

  /** A slot of the last match. */
  slot(index: i32): i32 {
    return load<i32>(slotOf(this.matched, index));
  }

  /**
   * Looks for the leftmost match, and of those that begin there for the one that a backtracking engine would find first.
   *
   * @param from offset of the first place where it may begin
   * @param isWhole whether it has to begin there and end where the text does
   */
  run(start: usize, size: i32, from: i32, isWhole: bool): bool {
    const end = start + size;
    this.textStart = start;
    this.textEnd = end;
    const threadSize = this.threadSize;
    const once = isWhole || this.isAnchored;
    let at = start + from;
    let tail = this.here;
    let mayBegin = true;
    let hasMatched = false;
    while (true) {
      const here = this.here;
      if (mayBegin) {
        if (tail == here) {
          if (!once) at = this.skip(at);
          this.generation++;
        }
        store<i32>(slotOf(this.fresh, 0), <i32>(at - start));
        tail = this.follow(tail, this.first, this.fresh, at);
        mayBegin = !once;
      }
      if (tail == here && !mayBegin) return hasMatched;
      let character = -1;
      let width: usize = 0;
      if (at < end) {
        character = load<u8>(at);
        width = 1;
        if (character > 127) {
          character = characterAt(at, end);
          width = characterSize;
        }
      }
      const generation = ++this.generation;
      let nextTail = this.next;
      for (let thread = here; thread < tail; thread += threadSize) {
        if (isDefined(REGEX_STEPS)) steps++;
        const instruction = changetype<Instruction>(load<usize>(thread));
        if (instruction.op == Op.Match) {
          if (isWhole && at < end) continue;
          memory.copy(this.matched, thread, this.threadSize);
          this.matchEnd = <i32>(at - start);
          hasMatched = true;
          // What remains has less priority, and so has what would begin later.
          mayBegin = false;
          break;
        }
        if (!this.takes(instruction, character)) continue;
        const following = changetype<Instruction>(changetype<usize>(instruction) + INSTRUCTION_SIZE);
        // Mostly a character follows; then there is nothing to be followed.
        if (following.op > Op.Set) {
          nextTail = this.follow(nextTail, changetype<usize>(following), thread, at + width);
        } else if (following.mark != generation) {
          following.mark = generation;
          nextTail = this.add(nextTail, changetype<usize>(following), thread);
        }
      }
      if (at == end) return hasMatched;
      at += width;
      this.here = this.next;
      this.next = here;
      tail = nextTail;
    }
  }

  /** Adds to a list the threads that a thread becomes which goes on at an instruction. @returns the list's new end */
  private follow(tail: usize, address: usize, thread: usize, at: usize): usize {
    const bottom = this.stack;
    const generation = this.generation;
    let top = bottom;
    while (true) {
      if (isDefined(REGEX_STEPS)) steps++;
      const instruction = changetype<Instruction>(address);
      let next: usize = 0;
      if (instruction.mark != generation) {
        instruction.mark = generation;
        switch (instruction.op) {
          case Op.Split:
            store<usize>(top, address + instruction.y);
            store<i32>(top, BRANCH, 4);
            top += 8;
            next = address + instruction.x;
            break;
          case Op.Jump:
            next = address + instruction.x;
            break;
          case Op.Save: {
            const slot = slotOf(thread, instruction.x);
            store<usize>(top, slot);
            store<i32>(top, load<i32>(slot), 4);
            top += 8;
            store<i32>(slot, <i32>(at - this.textStart));
            next = address + INSTRUCTION_SIZE;
            break;
          }
          case Op.Assert:
            if (this.isSurveying || isPlace(instruction.x, at, this.textStart, this.textEnd))
              next = address + INSTRUCTION_SIZE;
            break;
          default:
            tail = this.add(tail, address, thread);
        }
      }
      while (next == 0) {
        if (top == bottom) return tail;
        top -= 8;
        const value = load<i32>(top, 4);
        if (value == BRANCH) next = load<usize>(top);
        else store<i32>(load<usize>(top), value);
      }
      address = next;
    }
  }

  /** Adds a thread that has another's slots. */
  private add(tail: usize, address: usize, thread: usize): usize {
    store<usize>(tail, address);
    const end = tail + this.threadSize;
    let to = tail + THREAD_HEAD;
    for (let from = thread + THREAD_HEAD; to < end; from += SLOT_SIZE) {
      store<i32>(to, load<i32>(from));
      to += SLOT_SIZE;
    }
    return end;
  }

  private takes(instruction: Instruction, character: i32): bool {
    switch (instruction.op) {
      case Op.Range:
        return <u32>(character - instruction.x) <= <u32>instruction.y;
      case Op.Letter:
        return (character | 0x20) == instruction.x;
      default:
        return contains(this.sets + instruction.x, character);
    }
  }

  /** @returns the first place from here on where a match can begin, as far as one character tells */
  private skip(at: usize): usize {
    const end = this.textEnd;
    while (at < end) {
      const byte = load<u8>(at);
      if (byte > 127 || ((byte < 64 ? this.firstLow : this.firstHigh) >> (byte & 63)) & 1) break;
      at++;
    }
    return at;
  }
}

// @ts-ignore: decorator
@inline
function slotOf(thread: usize, index: i32): usize {
  return thread + THREAD_HEAD + <usize>index * SLOT_SIZE;
}
