import { HmacSha256 } from "filterwright/assembly/crypto/hmac";
import { DIGEST_SIZE, sha256 } from "filterwright/assembly/crypto/sha256";
import { decodeBase64, encodeBase64, encodeBase64Url } from "filterwright/assembly/encoding/base64";
import { encodeHex } from "filterwright/assembly/encoding/hex";
import { percentDecode, percentEncode } from "filterwright/assembly/encoding/percent";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { dropBlanks, lowerCase, skipBlanks } from "filterwright/assembly/text/slice";

/** Those without an argument come first: in the order of `NAMES` in make-pipe.ts. */
export enum PipeKind {
  Lower,
  Upper,
  Trim,
  Base64,
  Base64Url,
  Base64Decode,
  UrlEncode,
  UrlDecode,
  Sha256,
  /** Stands in for an empty value. */
  Default,
  Hmac,
  /** Bytes from an offset on, so many at the most. */
  Substring,
}

const digest = new ByteWriter();

/** What a value passes on its way into a header, such as `|lower`. One class for all: a class for each takes 240 bytes more. */
export class Pipe {
  /** As it is written, without the bar: `lower`. */
  text: string = "";
  /** Of `Default`. */
  otherwise: Bytes | null = null;
  /** Of `Hmac`. */
  key: HmacSha256 | null = null;
  /** Of `Substring`. */
  from: i32 = 0;
  count: i32 = 0;

  constructor(readonly kind: PipeKind) {}

  /** Writes what becomes of a value, which is not in `to`. @returns false where nothing can become of it */
  write(start: usize, size: i32, to: ByteWriter): bool {
    switch (this.kind) {
      case PipeKind.Lower:
        for (let i = 0; i < size; i++) to.byte(lowerCase(load<u8>(start + i)));
        break;
      case PipeKind.Upper:
        for (let i = 0; i < size; i++) to.byte(upperCase(load<u8>(start + i)));
        break;
      case PipeKind.Trim: {
        const from = skipBlanks(start, start + size);
        to.bytes(from, <i32>(dropBlanks(from, start + size) - from));
        break;
      }
      case PipeKind.Base64:
        encodeBase64(to, start, size);
        break;
      case PipeKind.Base64Url:
        encodeBase64Url(to, start, size);
        break;
      case PipeKind.Base64Decode:
        return decodeBase64(to, start, size);
      case PipeKind.UrlEncode:
        percentEncode(to, start, size);
        break;
      case PipeKind.UrlDecode:
        return percentDecode(to, start, size);
      case PipeKind.Default:
        if (size > 0) to.bytes(start, size);
        else this.otherwise!.writeTo(to);
        break;
      case PipeKind.Substring: {
        const from = min(this.from, size);
        to.bytes(start + from, min(this.count, size - from));
        break;
      }
      default: {
        const key = this.key;
        digest.clear();
        if (key === null) sha256(digest, start, size);
        else key.sign(digest, start, size);
        encodeHex(to, digest.start, DIGEST_SIZE);
      }
    }
    return true;
  }
}

function upperCase(byte: u8): u8 {
  return <u8>(byte - 0x61) < 26 ? byte & ~0x20 : byte;
}
