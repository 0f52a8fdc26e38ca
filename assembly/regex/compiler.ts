import { readClass, readPerlSet } from "filterwright/assembly/regex/class";
import { escapedCharacter, isLetter, NO_BACKTRACKING } from "filterwright/assembly/regex/escape";
import { Flag, readFlags } from "filterwright/assembly/regex/flags";
import { Group, GroupName, numberOf, readName } from "filterwright/assembly/regex/group";
import { Pattern } from "filterwright/assembly/regex/pattern";
import { Place } from "filterwright/assembly/regex/place";
import { distance, MAX_PROGRAM, Op, Program } from "filterwright/assembly/regex/program";
import { least, MAX_COUNT, most, readRepetition, repeat } from "filterwright/assembly/regex/repetition";
import { SetWriter } from "filterwright/assembly/regex/sets";

/** Groups inside one another. */
const MAX_DEPTH: i32 = 250;
/** Groups that capture. Each costs eight bytes for every instruction of the program, twice. */
const MAX_GROUPS: i32 = 63;

/**
 * Compiles a pattern while it reads it, after Thompson (1968) and Cox, https://swtch.com/~rsc/regexp/regexp2.html. There is no
 * syntax tree, and nothing calls itself: a group that is open is a `Group`, and an operator changes the code of what stands
 * before it, the atom, which is the end of the program.
 */
export class Compiler {
  readonly program: Program = new Program();
  groupCount: i32 = 0;
  names: GroupName | null = null;

  private group: Group = new Group(null, 0, 0, 0);
  private flags: i32 = 0;
  /** Where the code begins that an operator would repeat; -1 where there is none. */
  private atom: i32 = -1;
  /** Whether the atom can match without a character. */
  private canBeEmpty: bool = true;
  /** The largest product of counts that stand inside one another in the atom. */
  private weight: i32 = 1;

  constructor(private readonly pattern: Pattern) {}

  /** Compiles the whole of the pattern, or up to what is wrong. */
  run(): void {
    const pattern = this.pattern;
    const program = this.program;
    let wasRepeated: bool = false;
    while (!pattern.failed && !pattern.atEnd) {
      wasRepeated = this.repeatAtom(wasRepeated);
      if (!wasRepeated) this.next();
      if (program.size >= MAX_PROGRAM) this.failSize();
    }
    if (this.group.outer !== null) pattern.fail("')'", pattern.at);
    this.endGroup();
    program.emit(Op.Match, 0, 0);
  }

  /** Reads anything but a repetition. */
  private next(): void {
    const pattern = this.pattern;
    switch (pattern.peek()) {
      case 0x28: // (
        this.openGroup();
        return;
      case 0x29: // )
        this.closeGroup();
        return;
      case 0x7c: // |
        this.endBranch();
        return;
      case 0x5e: // ^
        this.place(1, this.flags & Flag.Lines ? Place.LineStart : Place.TextStart);
        return;
      case 0x24: // $
        this.place(1, this.flags & Flag.Lines ? Place.LineEnd : Place.TextEnd);
        return;
      case 0x2e: // .
        pattern.advance();
        this.dot();
        return;
      case 0x5b: // [
        readClass(pattern, this.set(), this.ignoresCase);
        return;
      case 0x5c: // \
        this.escape();
        return;
      default:
        this.literal(pattern.take());
    }
  }

  /** Reads a repetition, if one stands here, and applies it to the atom. @returns whether one did */
  private repeatAtom(wasRepeated: bool): bool {
    const pattern = this.pattern;
    const from = pattern.at;
    if (!readRepetition(pattern)) return false;
    const isLazy = pattern.skip(0x3f) != ((this.flags & Flag.Lazy) != 0);
    if (wasRepeated) pattern.fail("no second repetition", from);
    if (this.atom < 0) pattern.fail("something to repeat", from);
    if (pattern.failed) return true;
    this.weight = most == 0 ? 1 : this.weight * max(max(least, most), 1);
    if (this.weight > MAX_COUNT) pattern.fail("a product of counts up to 1000", from);
    else if (!repeat(this.program, this.atom, isLazy, this.canBeEmpty)) this.failSize();
    if (least == 0) this.canBeEmpty = true;
    return true;
  }

  private openGroup(): void {
    const pattern = this.pattern;
    const from = pattern.advance();
    if (!pattern.skip(0x3f)) return this.enter(++this.groupCount);
    const isNamed = pattern.skip(0x50) || pattern.peek() == 0x3c;
    if (isLookaround(pattern)) return pattern.fail(NO_BACKTRACKING, from);
    if (isNamed) {
      const name = readName(pattern, from);
      if (numberOf(this.names, name) >= 0) pattern.fail("a new name", from);
      this.names = new GroupName(name, ++this.groupCount, this.names);
      return this.enter(this.groupCount);
    }
    const flags = readFlags(pattern, this.flags, from);
    // The group restores the flags that stood before it.
    if (pattern.skip(0x3a)) this.enter(0);
    else pattern.advance();
    this.flags = flags;
  }

  private enter(number: i32): void {
    this.endAtom();
    const group = new Group(this.group, this.program.size, this.flags, number);
    if (group.depth > MAX_DEPTH) this.pattern.failMore("at most 250 groups inside one another");
    if (number > MAX_GROUPS) this.pattern.failMore("at most 63 groups that capture");
    if (number > 0) this.program.emit(Op.Save, number * 2 - 1, 0);
    group.branch = this.program.size;
    this.group = group;
  }

  private closeGroup(): void {
    const pattern = this.pattern;
    const group = this.group;
    const outer = group.outer;
    if (outer === null) return pattern.fail("no ')' without '('", pattern.at);
    pattern.advance();
    this.endAtom();
    this.endGroup();
    if (group.number > 0) this.program.emit(Op.Save, group.number * 2, 0);
    this.group = outer;
    this.flags = group.flags;
    this.atom = group.start;
    this.canBeEmpty = group.canBeEmpty || group.branchCanBeEmpty;
    this.weight = group.weight;
  }

  /** Ends an alternative, before another: a split chooses between it and the next one, a jump leads behind the last. */
  private endBranch(): void {
    const program = this.program;
    const group = this.group;
    this.pattern.advance();
    this.endAtom();
    program.insert(group.branch, Op.Split, distance(1), distance(program.size - group.branch + 2));
    program.emit(Op.Jump, group.jump, 0);
    group.jump = program.size - 1;
    group.branch = program.size;
    group.canBeEmpty = group.canBeEmpty || group.branchCanBeEmpty;
    group.branchCanBeEmpty = true;
  }

  /** Has all alternatives' jumps lead here. */
  private endGroup(): void {
    const program = this.program;
    for (let at = this.group.jump; at >= 0;) {
      const jump = program.at(at);
      const before = jump.x;
      jump.x = distance(program.size - at);
      at = before;
    }
  }

  private beginAtom(canBeEmpty: bool): void {
    this.endAtom();
    this.atom = this.program.size;
    this.canBeEmpty = canBeEmpty;
  }

  private endAtom(): void {
    const group = this.group;
    group.weight = max(group.weight, this.weight);
    group.branchCanBeEmpty = group.branchCanBeEmpty && this.canBeEmpty;
    this.weight = 1;
    this.canBeEmpty = true;
    this.atom = -1;
  }

  private failSize(): void {
    this.pattern.failMore("a program of at most 4096 instructions");
  }

  private escape(): void {
    const pattern = this.pattern;
    switch (pattern.peek(1)) {
      case 0x41: // A
        this.place(2, Place.TextStart);
        return;
      case 0x7a: // z
        this.place(2, Place.TextEnd);
        return;
      case 0x62: // b
        this.place(2, Place.WordBoundary);
        return;
      case 0x42: // B
        this.place(2, Place.NoWordBoundary);
        return;
      case 0x51: // Q
        this.quotation();
        return;
      // d, s, w and their capitals
      case 0x64:
      case 0x73:
      case 0x77:
      case 0x44:
      case 0x53:
      case 0x57: {
        const set = this.set();
        readPerlSet(pattern, set, this.ignoresCase);
        set.finish(false, false);
        return;
      }
      default:
        this.literal(escapedCharacter(pattern));
    }
  }

  /** `\Q` and what stands for itself up to `\E`. */
  private quotation(): void {
    const pattern = this.pattern;
    pattern.at += 2;
    while (!pattern.atEnd && (pattern.peek() != 0x5c || pattern.peek(1) != 0x45)) this.literal(pattern.take());
    if (!pattern.atEnd) pattern.at += 2;
  }

  private literal(character: i32): void {
    this.beginAtom(false);
    if (this.ignoresCase && isLetter(character)) this.program.emit(Op.Letter, character | 0x20, 0);
    else this.program.emit(Op.Range, character, 0);
  }

  private dot(): void {
    if (this.flags & Flag.DotNewline) {
      this.beginAtom(false);
      this.program.emit(Op.Range, 0, 0x10ffff);
      return;
    }
    const set = this.set();
    set.add(0x0a, 0x0a);
    set.finish(false, true);
  }

  /** Begins a set, to be filled and finished by the caller, and an instruction for it. */
  private set(): SetWriter {
    this.beginAtom(false);
    const set = new SetWriter(this.program.sets);
    this.program.emit(Op.Set, set.offset, 0);
    return set;
  }

  private place(units: i32, place: Place): void {
    this.pattern.at += units;
    this.beginAtom(true);
    this.program.emit(Op.Assert, place, 0);
  }

  private get ignoresCase(): bool {
    return (this.flags & Flag.IgnoreCase) != 0;
  }
}

/** Steps over what makes a group one that looks around (`(?=`, `(?<!`) or refers back (`(?P=`), if it stands here. */
function isLookaround(pattern: Pattern): bool {
  const ahead = pattern.peek() == 0x3c ? 1 : 0;
  const sign = pattern.peek(ahead);
  if (sign != 0x3d && sign != 0x21) return false;
  pattern.at += ahead + 1;
  return true;
}
