import { HmacSha256 } from "filterwright/assembly/crypto/hmac";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Pipe, PipeKind } from "filterwright/assembly/filters/headers/values/pipe";
import { parseSize } from "filterwright/assembly/text/parse-size";
import { quote, textFrom } from "filterwright/assembly/text/format";
import { indexOfWord } from "filterwright/assembly/text/words";

/** Those without an argument. */
const NAMES = "lower, upper, trim, base64, base64url, base64decode, urlencode, urldecode, sha256";

/** Makes a pipe. @returns null where it is none; what was expected in its place stands in `side.expected` then */
export function makePipe(name: string, argument: string, side: Side): Pipe | null {
  if (name == "default") {
    const pipe = new Pipe(PipeKind.Default);
    pipe.otherwise = new Bytes(argument);
    return pipe;
  }
  if (name == "hmac") {
    const secret = side.settings.secret(argument);
    side.expect('a secret of "secrets", found ' + quote(argument));
    if (secret === null) return null;
    const bytes = new Bytes(secret.key);
    const pipe = new Pipe(PipeKind.Hmac);
    pipe.key = new HmacSha256(bytes.start, <i32>bytes.size);
    return pipe;
  }
  if (name == "substr") {
    const pipe = new Pipe(PipeKind.Substring);
    const comma = argument.indexOf(",");
    const blank = argument.charCodeAt(comma + 1) == 0x20 ? 1 : 0;
    pipe.from = parseSize(comma < 0 ? argument : argument.substring(0, comma));
    pipe.count = comma < 0 ? i32.MAX_VALUE : parseSize(textFrom(argument, comma + 1 + blank));
    side.expect("substr(from) or substr(from,count), found substr(" + argument + ")");
    return pipe.from < 0 || pipe.count < 0 ? null : pipe;
  }
  const kind = argument.length > 0 ? -1 : indexOfWord(NAMES, name);
  if (kind >= 0) return new Pipe(kind);
  const found = argument.length > 0 ? name + "(" + argument + ")" : quote(name);
  side.expect("a pipe of " + NAMES + ", default(x), hmac(secret), substr(from,count), found " + found);
  return null;
}
