// Lets a test in Node read addresses and ask ranges for them.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { Cidr } from "filterwright/assembly/net/cidr";
import { readEndpoint } from "filterwright/assembly/net/address";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

let range: Cidr | null = null;
const address: usize = memory.data(16, 8);

export function setRange(start: usize, size: i32): bool {
  range = Cidr.parse(start, size);
  return range !== null;
}

export function hasHostBits(): bool {
  return range!.hasHostBits;
}

/** @returns -1 for no address */
export function contains(start: usize, size: i32): i32 {
  return readEndpoint(start, size, address) ? i32(range!.contains(address)) : -1;
}

export function read(to: ByteWriter, start: usize, size: i32): bool {
  if (!readEndpoint(start, size, address)) return false;
  to.bytes(address, 16);
  return true;
}
