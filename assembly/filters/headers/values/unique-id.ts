import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { random_get } from "filterwright/assembly/runtime/abi";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { writeUuid4 } from "filterwright/assembly/text/uuid";

const RANDOM_SIZE = 16;
const random: usize = memory.data(RANDOM_SIZE);

/** `%UNIQUE_ID%`: another UUID each time. */
export class UniqueId extends Source {
  write(pass: Pass, to: ByteWriter): bool {
    if (random_get(random, RANDOM_SIZE) != 0) return false;
    writeUuid4(to, random);
    return true;
  }
}
