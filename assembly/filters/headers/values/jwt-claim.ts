import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { decodeBase64Url } from "filterwright/assembly/encoding/base64";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { JsonKind, JsonReader } from "filterwright/assembly/json";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { equalIgnoringCase, findByte } from "filterwright/assembly/text/slice";

const payload = new ByteWriter();
const scratch = new ByteWriter();
const DOT: u8 = 0x2e;
/** `bearer ` (RFC 6750 §2.1). */
const BEARER: usize = memory.data<u8>([0x62, 0x65, 0x61, 0x72, 0x65, 0x72, 0x20]);
const BEARER_SIZE = 7;

/** `%JWT_CLAIM(HEADER:claim.path)%`: a claim of a token that nobody has verified. */
export class JwtClaim extends Source {
  constructor(
    private readonly moment: Moment,
    private readonly header: HeaderName,
    /** Names of objects in objects; they may have dots themselves. */
    private readonly path: string,
  ) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    const lines = pass.lines(this.moment);
    const at = lines.find(this.header.start, this.header.size);
    if (at < 0) return true;
    const start = lines.valueStart(at);
    if (!readPayload(start, start + lines.valueSize(at))) return false;
    const json = new JsonReader(payload.toArrayBuffer());
    writeClaim(json, this.path, to);
    return json.end();
  }
}

/**
 * Reads a header's value that is a token (RFC 7519 §3), `Bearer ` before it or not, and nothing else: so that whoever verifies
 * tokens and looks for one in the value can have found no other.
 */
function readPayload(start: usize, end: usize): bool {
  if (equalIgnoringCase(start, min(BEARER_SIZE, <i32>(end - start)), BEARER, BEARER_SIZE)) start += BEARER_SIZE;
  for (let part = 0; part < 3; part++) {
    const to = part == 2 ? end : findByte(DOT, start, end);
    const decoded = part == 1 ? payload : scratch;
    decoded.clear();
    if (start > end || !decodeBase64Url(decoded, start, <i32>(to - start))) return false;
    start = to + 1;
  }
  return true;
}

/** Looks for a claim in the value that is read next. @returns whether it was there */
function writeClaim(json: JsonReader, path: string, to: ByteWriter): bool {
  let isFound: bool = false;
  if (json.kind != JsonKind.Object) {
    json.skip();
    return false;
  }
  json.object();
  while (json.nextKey()) {
    const key = json.key;
    if (!isFound && key == path) {
      writeValue(json, to);
      isFound = true;
    } else if (!isFound && path.startsWith(key + ".")) isFound = writeClaim(json, path.substring(key.length + 1), to);
    else json.skip();
  }
  return isFound;
}

/** A text as it is, a list with commas between its elements, null as nothing, and the rest as the JSON text has it. */
function writeValue(json: JsonReader, to: ByteWriter): void {
  if (json.kind == JsonKind.String) to.text(json.string());
  else if (json.kind == JsonKind.Null) json.null();
  else if (json.kind == JsonKind.Array) {
    json.array();
    for (let isNext: bool = false; json.nextElement(); isNext = true) {
      if (isNext) to.byte(0x2c);
      writeValue(json, to);
    }
  } else {
    const from = json.offset;
    json.skip();
    to.bytes(changetype<usize>(json.text) + from, json.offset - from);
  }
}
