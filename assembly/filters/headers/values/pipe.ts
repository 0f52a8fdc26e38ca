import { HmacSha256 } from "filterwright/assembly/crypto/hmac";
import { DIGEST_SIZE, sha256 } from "filterwright/assembly/crypto/sha256";
import { decodeBase64, encodeBase64, encodeBase64Url } from "filterwright/assembly/encoding/base64";
import { encodeHex } from "filterwright/assembly/encoding/hex";
import { percentDecode, percentEncode } from "filterwright/assembly/encoding/percent";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { dropBlanks, lowerCase, skipBlanks } from "filterwright/assembly/text/slice";

/** What a value passes on its way into a header, such as `|lower`. */
export abstract class Pipe {
  /** As it is written, without the bar: `lower`. */
  text: string = "";

  /** Writes what becomes of a value, which is not in `to`. @returns false where nothing can become of it */
  abstract write(start: usize, size: i32, to: ByteWriter): bool;
}

export class Lower extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    for (let i = 0; i < size; i++) to.byte(lowerCase(load<u8>(start + i)));
    return true;
  }
}

export class Upper extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    for (let i = 0; i < size; i++) {
      const byte = load<u8>(start + i);
      to.byte(<u8>(byte - 0x61) < 26 ? byte & ~0x20 : byte);
    }
    return true;
  }
}

export class Trim extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    const from = skipBlanks(start, start + size);
    to.bytes(from, <i32>(dropBlanks(from, start + size) - from));
    return true;
  }
}

/** Stands in for an empty value. */
export class Default extends Pipe {
  private readonly otherwise: Bytes;

  constructor(otherwise: string) {
    super();
    this.otherwise = new Bytes(otherwise);
  }

  write(start: usize, size: i32, to: ByteWriter): bool {
    if (size > 0) to.bytes(start, size);
    else to.bytes(this.otherwise.start, <i32>this.otherwise.size);
    return true;
  }
}

export class Base64 extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    encodeBase64(to, start, size);
    return true;
  }
}

export class Base64Url extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    encodeBase64Url(to, start, size);
    return true;
  }
}

export class Base64Decode extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    return decodeBase64(to, start, size);
  }
}

export class UrlEncode extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    percentEncode(to, start, size);
    return true;
  }
}

export class UrlDecode extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    return percentDecode(to, start, size);
  }
}

const digest = new ByteWriter();

export class Sha256 extends Pipe {
  write(start: usize, size: i32, to: ByteWriter): bool {
    digest.clear();
    sha256(digest, start, size);
    encodeHex(to, digest.start, DIGEST_SIZE);
    return true;
  }
}

export class Hmac extends Pipe {
  private readonly key: HmacSha256;

  constructor(secret: string) {
    super();
    const bytes = new Bytes(secret);
    this.key = new HmacSha256(bytes.start, <i32>bytes.size);
  }

  write(start: usize, size: i32, to: ByteWriter): bool {
    digest.clear();
    this.key.sign(digest, start, size);
    encodeHex(to, digest.start, DIGEST_SIZE);
    return true;
  }
}

/** Bytes from an offset on, so many at the most. */
export class Substring extends Pipe {
  constructor(
    private readonly from: i32,
    private readonly count: i32,
  ) {
    super();
  }

  write(start: usize, size: i32, to: ByteWriter): bool {
    const from = min(this.from, size);
    to.bytes(start + from, min(this.count, size - from));
    return true;
  }
}
