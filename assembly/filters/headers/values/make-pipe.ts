import { Settings } from "filterwright/assembly/filters/headers/settings";
import {
  Base64,
  Base64Decode,
  Base64Url,
  Default,
  Hmac,
  Lower,
  Pipe,
  Sha256,
  Substring,
  Trim,
  Upper,
  UrlDecode,
  UrlEncode,
} from "filterwright/assembly/filters/headers/values/pipe";
import { parseSize } from "filterwright/assembly/text/parse-size";
import { quote } from "filterwright/assembly/text/format";
import { indexOfWord } from "filterwright/assembly/text/words";

/** A pipe, or what was expected in its place. */
export class MadePipe {
  problem: string = "";
  pipe: Pipe | null = null;
}

/** Those without an argument. */
const NAMES = "lower, upper, trim, base64, base64url, base64decode, urlencode, urldecode, sha256";

export function makePipe(name: string, argument: string, settings: Settings): MadePipe {
  const made = new MadePipe();
  if (name == "default") made.pipe = new Default(argument);
  else if (name == "hmac") {
    const secret = settings.secret(argument);
    if (secret !== null) made.pipe = new Hmac(secret.key);
    else made.problem = 'a secret of "secrets", found ' + quote(argument);
  } else if (name == "substr") {
    const comma = argument.indexOf(",");
    const from = parseSize(comma < 0 ? argument : argument.substring(0, comma));
    const count =
      comma < 0
        ? i32.MAX_VALUE
        : parseSize(argument.substring(comma + 1 + i32(argument.charCodeAt(comma + 1) == 0x20)));
    if (from >= 0 && count >= 0) made.pipe = new Substring(from, count);
    else made.problem = "substr(from) or substr(from,count), found substr(" + argument + ")";
  } else {
    made.pipe = argument.length == 0 ? plainPipe(name) : null;
    if (made.pipe === null)
      made.problem =
        "a pipe of " +
        NAMES +
        ", default(x), hmac(secret), substr(from,count), found " +
        (argument.length > 0 ? name + "(" + argument + ")" : quote(name));
  }
  return made;
}

function plainPipe(name: string): Pipe | null {
  switch (indexOfWord(NAMES, name)) {
    case 0:
      return new Lower();
    case 1:
      return new Upper();
    case 2:
      return new Trim();
    case 3:
      return new Base64();
    case 4:
      return new Base64Url();
    case 5:
      return new Base64Decode();
    case 6:
      return new UrlEncode();
    case 7:
      return new UrlDecode();
    case 8:
      return new Sha256();
    default:
      return null;
  }
}
