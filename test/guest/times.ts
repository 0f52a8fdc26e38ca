// Lets a test in Node format times.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { TimeFormat } from "filterwright/assembly/time/time-format";

export { writeHttpDate, writeRfc3339 } from "filterwright/assembly/time/formats";
export { planTime } from "filterwright/assembly/time/plan";

let format: TimeFormat | null = null;

export function setFormat(start: usize, size: i32): bool {
  format = TimeFormat.parse(start, size);
  return format !== null;
}

export function write(to: ByteWriter, nanoseconds: i64): void {
  format!.write(to, nanoseconds);
}
