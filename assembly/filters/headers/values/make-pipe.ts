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

/** A pipe, or what was expected in its place. */
export class MadePipe {
  problem: string = "";
  pipe: Pipe | null = null;
}

const NAMES =
  "lower, upper, trim, default(x), base64, base64url, base64decode, urlencode, urldecode, sha256, hmac(secret), substr(from,count)";

export function makePipe(name: string, argument: string, settings: Settings): MadePipe {
  const made = new MadePipe();
  if (name == "default") made.pipe = new Default(argument);
  else if (name == "hmac") {
    const secret = settings.secret(argument);
    if (secret !== null) made.pipe = new Hmac(secret.key);
    else made.problem = `a secret of "secrets", found ${quote(argument)}`;
  } else if (name == "substr") {
    const comma = argument.indexOf(",");
    const from = parseSize(comma < 0 ? argument : argument.substring(0, comma));
    const count =
      comma < 0
        ? i32.MAX_VALUE
        : parseSize(argument.substring(comma + 1 + i32(argument.charCodeAt(comma + 1) == 0x20)));
    if (from >= 0 && count >= 0) made.pipe = new Substring(from, count);
    else made.problem = `substr(from) or substr(from,count), found substr(${argument})`;
  } else {
    made.pipe = argument.length == 0 ? plainPipe(name) : null;
    if (made.pipe === null)
      made.problem = `a pipe of ${NAMES}, found ${argument.length > 0 ? name + "(" + argument + ")" : quote(name)}`;
  }
  return made;
}

function plainPipe(name: string): Pipe | null {
  if (name == "lower") return new Lower();
  if (name == "upper") return new Upper();
  if (name == "trim") return new Trim();
  if (name == "base64") return new Base64();
  if (name == "base64url") return new Base64Url();
  if (name == "base64decode") return new Base64Decode();
  if (name == "urlencode") return new UrlEncode();
  if (name == "urldecode") return new UrlDecode();
  return name == "sha256" ? new Sha256() : null;
}
