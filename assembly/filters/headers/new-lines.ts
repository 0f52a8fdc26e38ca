import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** The values of lines to come. They are all made before the first is written: a value may be made of the header that it replaces. */
export class NewLines {
  /** What is written here becomes the line that is open. */
  readonly writer: ByteWriter = new ByteWriter();
  count: i32 = 0;
  /** Where each line ends in the writer; kept from message to message, and longer than `count` where there were once more. */
  private readonly ends: i32[] = [];

  /** Forgets all lines. */
  begin(): void {
    this.writer.clear();
    this.count = 0;
  }

  get openStart(): usize {
    return this.writer.start + this.endOf(this.count - 1);
  }

  /** Bytes of the line that is open. */
  get openSize(): i32 {
    return this.writer.size - this.endOf(this.count - 1);
  }

  /** Adds bytes, and ends the line that is open. */
  add(start: usize, size: i32): void {
    this.writer.bytes(start, size);
    this.endLine();
  }

  /** Writes a line somewhere else. */
  copy(index: i32, to: ByteWriter): void {
    to.bytes(this.start(index), this.size(index));
  }

  /** Ends the line that is open, and opens another. */
  endLine(): void {
    if (this.count < this.ends.length) this.ends[this.count] = this.writer.size;
    else this.ends.push(this.writer.size);
    this.count++;
  }

  /** Forgets what the open line has. */
  dropLine(): void {
    this.writer.truncate(this.endOf(this.count - 1));
  }

  start(index: i32): usize {
    return this.writer.start + this.endOf(index - 1);
  }

  size(index: i32): i32 {
    return this.ends[index] - this.endOf(index - 1);
  }

  private endOf(index: i32): i32 {
    return index < 0 ? 0 : this.ends[index];
  }
}
