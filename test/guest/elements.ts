// Lets a test in Node go through the elements of a list.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { Elements } from "filterwright/assembly/text/elements";

const elements = new Elements();

/** Writes each element with a zero behind it. */
export function list(to: ByteWriter, start: usize, size: i32, separator: usize, separatorSize: i32): void {
  if (separatorSize == 1 && load<u8>(separator) == 0x2c) elements.begin(start, size);
  else elements.beginWith(start, size, separator, separatorSize);
  while (elements.next()) {
    to.bytes(elements.start, elements.size);
    to.byte(0);
  }
}
