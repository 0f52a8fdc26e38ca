// Lets a test in Node compute digests, codes, hashes and UUIDs.

export { allocate, outputSize, outputStart, release, writer } from "./byte-exchange";
import { HmacSha256 } from "filterwright/assembly/crypto/hmac";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { fnv1a32, fnv1a32Behind } from "filterwright/assembly/text/hash";

export { sha256 } from "filterwright/assembly/crypto/sha256";
import { writeUuid4 } from "filterwright/assembly/text/uuid";

let hmac: HmacSha256 | null = null;

export function setKey(start: usize, size: i32): void {
  hmac = new HmacSha256(start, size);
}

export function sign(to: ByteWriter, start: usize, size: i32): void {
  hmac!.sign(to, start, size);
}

export function hash(start: usize, size: i32): u32 {
  return fnv1a32(start, size);
}

export function hashOn(hash: u32, start: usize, size: i32): u32 {
  return fnv1a32Behind(hash, start, size);
}

export function uuid(to: ByteWriter, random: usize, size: i32): void {
  if (size == 16) writeUuid4(to, random);
}
