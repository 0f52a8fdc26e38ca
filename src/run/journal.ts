import type { LogLine } from "../cases/backend.ts";

/** What was said beside requests and responses. */
export interface Entries {
  /** What the plugin logged. */
  log: LogLine[];
  /** Traps, each with its callback. */
  traps: string[];
  /** Calls that the plugin made, and what went wrong around it. */
  notes: string[];
}

/** Collects it, until somebody takes it. */
export class Journal {
  private entries: Entries = { log: [], traps: [], notes: [] };

  log(line: LogLine): void {
    this.entries.log.push(line);
  }

  trap(message: string): void {
    this.entries.traps.push(message);
  }

  note(message: string): void {
    this.entries.notes.push(message);
  }

  /** All since the last time. */
  take(): Entries {
    const { entries } = this;
    this.entries = { log: [], traps: [], notes: [] };
    return entries;
  }
}
