import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { LogLevelValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { isLogged, log } from "filterwright/assembly/filters/headers/log";
import { quote } from "filterwright/assembly/text/format";
import { equalBytes } from "filterwright/assembly/text/slice";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";
import { wordAt } from "filterwright/assembly/text/words";

/** What is in the names of headers whose values are credentials: a log is told that they changed, and not what they are. */
const CREDENTIALS = "authorization, cookie, token, secret, password, api-key, credential";

/** What the rules that only rehearse make of a message. Those that follow one another see what the ones before them did. */
export class Shadow {
  private isOpen: bool = false;
  /** What the rule at hand began with. */
  private readonly before: HeaderLines;

  constructor(private readonly pass: Pass) {
    this.before = new HeaderLines(pass.message.type, true);
  }

  /** A rule begins: from here on the pass reads and writes a copy. */
  enter(): void {
    const pass = this.pass;
    if (!this.isOpen) pass.rehearsal.beginWith(pass.message.lines);
    this.isOpen = true;
    pass.headers = pass.rehearsal;
    this.before.beginWith(pass.rehearsal.lines);
  }

  /** The rule has ended: what it would have changed is logged. */
  tell(name: string): void {
    if (!isLogged(LogLevelValues.info)) return;
    const before = this.before.lines;
    const after = this.pass.rehearsal.lines;
    const changes = missing(before, after, " -") + missing(after, before, " +");
    if (changes.length == 0) return;
    const message = this.pass.isRequest ? "request" : "response";
    log(
      LogLevelValues.info,
      "headers: rule " + quote(name) + " in shadow mode would change the " + message + ":" + changes,
    );
  }

  /** A rule that is enforced begins: it sees none of this. */
  leave(): void {
    this.isOpen = false;
    this.pass.headers = this.pass.message;
  }
}

/** The lines of a list that another does not have, or has fewer of, each behind a sign. */
function missing(list: HeaderList, other: HeaderList, sign: string): string {
  let text = "";
  for (let i = 0; i < list.length; i++) {
    if (count(list, list, i, i + 1) <= count(other, list, i, other.length)) continue;
    const name = decodeUtf8(list.nameStart(i), list.nameSize(i));
    const value = shown(name, decodeUtf8(list.valueStart(i), list.valueSize(i)));
    text += sign + name + ": " + value;
  }
  return text;
}

function shown(name: string, value: string): string {
  for (let i = 0; ; i++) {
    const credential = wordAt(CREDENTIALS, i);
    if (credential.length == 0) break;
    if (name.includes(credential)) return "...";
  }
  const query = name == ":path" ? value.indexOf("?") : -1;
  return quote(query < 0 ? value : value.substring(0, query + 1) + "...");
}

/** How many of the first so many lines of a list are like line i of another. */
function count(list: HeaderList, other: HeaderList, i: i32, end: i32): i32 {
  let count = 0;
  for (let at = list.find(other.nameStart(i), other.nameSize(i)); at >= 0 && at < end;) {
    if (equalBytes(list.valueStart(at), <i32>list.valueSize(at), other.valueStart(i), <i32>other.valueSize(i))) count++;
    at = list.find(other.nameStart(i), other.nameSize(i), at + 1);
  }
  return count;
}
