import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** A line that is edited step by step: each step reads what the one before it wrote. */
export class LineEdit {
  /** Where the next step writes. */
  to: ByteWriter = new ByteWriter();
  private from: ByteWriter = new ByteWriter();

  begin(start: usize, size: i32): void {
    this.from.clear();
    this.from.bytes(start, size);
    this.to.clear();
  }

  get start(): usize {
    return this.from.start;
  }

  get size(): i32 {
    return this.from.size;
  }

  /** What was written is the line now. */
  endStep(): void {
    const written = this.to;
    this.to = this.from;
    this.from = written;
    this.to.clear();
  }
}
