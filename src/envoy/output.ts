import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** More than this many characters are not kept: the oldest go. */
const LIMIT = 4_000_000;

/** What Envoy writes: its log and, where that goes to standard output, its access log. */
export class EnvoyOutput {
  private text = "";
  private dropped = 0;

  collect(stream: Readable): void {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.text += chunk;
      if (this.text.length <= LIMIT) return;
      this.dropped += this.text.length - LIMIT;
      this.text = this.text.slice(-LIMIT);
    });
  }

  /** A mark to read on from with `since`. */
  get position(): number {
    return this.dropped + this.text.length;
  }

  since(position: number): string {
    return this.text.slice(Math.max(0, position - this.dropped));
  }

  /**
   * Waits for a line: the log comes through a pipe, a moment after what it tells of.
   *
   * @returns the first match behind the position, or null where none came within a second
   */
  async waitFor(pattern: RegExp, position: number): Promise<RegExpExecArray | null> {
    for (let tries = 0; tries < 100; tries++) {
      const match = pattern.exec(this.since(position));
      if (match) return match;
      await sleep(10);
    }
    return null;
  }

  all(): string {
    return this.text;
  }

  /** The last lines, and where the whole is kept for a closer look. */
  end(lines = 15): string {
    if (this.text.trim() === "") return "Envoy wrote nothing.";
    return `${this.text.trimEnd().split("\n").slice(-lines).join("\n")}${this.keep()}`;
  }

  /** Keeps all of it for a closer look, where that can be done. */
  private keep(): string {
    try {
      const file = join(mkdtempSync(join(tmpdir(), "filterwright-log-")), "envoy.log");
      writeFileSync(file, this.text);
      return `\n(all of Envoy's log: ${file})`;
    } catch {
      return "";
    }
  }
}
