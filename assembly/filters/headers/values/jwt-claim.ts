import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { decodeBase64Url } from "filterwright/assembly/encoding/base64";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { readJson } from "filterwright/assembly/document/json";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { equalIgnoringCase, findByte } from "filterwright/assembly/text/slice";
import { textFrom } from "filterwright/assembly/text/format";
import { findLine } from "filterwright/assembly/filters/headers/find-line";

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
    private readonly path: string,
  ) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    const lines = pass.lines(this.moment);
    const at = findLine(lines, this.header, 0);
    if (at < 0) return true;
    const start = lines.valueStart(at);
    if (!readPayload(start, start + lines.valueSize(at))) return false;
    const json = payload.toArrayBuffer();
    const document = readJson(json);
    const claim = findClaim(document.root, this.path);
    if (claim !== null) writeValue(claim, changetype<usize>(json), to);
    return document.problem.length == 0;
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

/** @param path names of objects in objects, with dots between; and there may be dots in a name */
function findClaim(value: Value, path: string): Value | null {
  for (let i = 0; value.kind == ValueKind.Object && i < value.items.length; i++) {
    const item = value.items[i];
    if (item.key == path) return item;
    if (!path.startsWith(item.key + ".")) continue;
    const inner = findClaim(item, textFrom(path, item.key.length + 1));
    if (inner !== null) return inner;
  }
  return null;
}

/** A text as it is, a list with commas between its elements, null as nothing, and the rest as the JSON text has it. */
function writeValue(value: Value, json: usize, to: ByteWriter): void {
  if (value.kind == ValueKind.String) to.text(value.text);
  else if (value.kind == ValueKind.Array) {
    for (let i = 0; i < value.items.length; i++) {
      if (i > 0) to.byte(0x2c);
      writeValue(value.items[i], json, to);
    }
  } else if (value.kind != ValueKind.Null) to.bytes(json + value.start, value.end - value.start);
}
