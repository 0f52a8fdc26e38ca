import { Compiler } from "filterwright/assembly/regex/compiler";
import { GroupName, numberOf } from "filterwright/assembly/regex/group";
import { Machine } from "filterwright/assembly/regex/machine";
import { Pattern } from "filterwright/assembly/regex/pattern";

/**
 * A regular expression of RE2's syntax, https://github.com/google/re2/wiki/Syntax, with RE2's matches: the leftmost one, and of
 * those that begin there the one that Perl would find. The time that a text takes is at most its size times the program's.
 *
 * A text is bytes. `.`, classes and literals match whole characters in UTF-8; a byte that is none matches nothing, not even
 * `[^a]`. What differs from RE2:
 *
 * - `\pL` and other Unicode classes are refused, and so is `\C`.
 * - `(?i)` knows the case of ASCII letters only. The names of groups are ASCII.
 * - A match neither begins nor ends inside a character; RE2's `\B` holds there.
 * - UTF-8 is that of RFC 3629; in RE2 negated classes and `.` also match overlong characters and surrogates.
 * - Limits: 4096 instructions, 63 groups that capture, 250 groups inside one another.
 */
export class Regex {
  /** What is wrong with the pattern, as `expected ..., found ... at N`; empty where nothing is. Such a regex matches nothing. */
  readonly error: string;
  /** Groups that capture; group 0, the whole match, is not counted. */
  readonly groupCount: i32;
  /** Instructions of the compiled pattern. */
  readonly programSize: i32;
  private readonly names: GroupName | null;
  private readonly machine: Machine | null;

  /** Compiles a pattern. What is wrong with it stands in `error`. */
  static parse(pattern: string): Regex {
    return new Regex(pattern);
  }

  private constructor(readonly pattern: string) {
    const cursor = new Pattern(pattern);
    const compiler = new Compiler(cursor);
    compiler.run();
    this.error = cursor.error;
    this.groupCount = compiler.groupCount;
    this.programSize = compiler.program.size;
    this.names = compiler.names;
    this.machine = cursor.failed ? null : new Machine(compiler.program, compiler.groupCount);
  }

  /** The number of the group that has a name, or -1. */
  groupIndex(name: string): i32 {
    return numberOf(this.names, name);
  }

  /** Whether the whole of a text matches. If so, the groups can be asked for. */
  matches(start: usize, size: i32): bool {
    const machine = this.machine;
    return machine !== null && machine.run(start, size, 0, true);
  }

  /**
   * Whether a match begins in a text at an offset or behind it: the leftmost. If so, the groups can be asked for.
   *
   * What stands before the offset counts for `^`, `\b` and the like. The offset is one between characters: after an empty
   * match go on one whole character further.
   */
  search(start: usize, size: i32, from: i32): bool {
    const machine = this.machine;
    return machine !== null && from <= size && machine.run(start, size, from, false);
  }

  /** The offset where group i of the last match begins; group 0 is the match. -1 where the group took no part. */
  groupStart(i: i32): i32 {
    return this.slot(i, max(i * 2 - 1, 0));
  }

  /** The offset behind group i of the last match; -1 where the group took no part. */
  groupEnd(i: i32): i32 {
    const machine = this.machine;
    return i == 0 && machine !== null ? machine.matchEnd : this.slot(i, i * 2);
  }

  private slot(i: i32, index: i32): i32 {
    const machine = this.machine;
    return <u32>i <= <u32>this.groupCount && machine !== null ? machine.slot(index) : -1;
  }
}
