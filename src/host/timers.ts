interface Timer {
  due: bigint;
  action: () => void;
}

/** Things to do at a time of the host's clock, which stands still until it is told to go on. */
export class Timers {
  /** Nanoseconds since 1970. */
  now: bigint;
  private readonly timers = new Map<unknown, Timer>();

  constructor(now: bigint) {
    this.now = now;
  }

  /** @param key another timer of the same key is forgotten @param milliseconds from now */
  set(key: unknown, milliseconds: number, action: () => void): void {
    this.timers.delete(key);
    this.timers.set(key, { due: this.now + BigInt(milliseconds) * 1_000_000n, action });
  }

  clear(key: unknown): void {
    this.timers.delete(key);
  }

  /** Lets time pass: what becomes due is done in the order of its time, and at it. */
  advance(milliseconds: number): void {
    const end = this.now + BigInt(milliseconds) * 1_000_000n;
    for (let next = this.nextUntil(end); next; next = this.nextUntil(end)) {
      const [key, { due, action }] = next;
      this.timers.delete(key);
      this.now = due;
      action();
    }
    this.now = end;
  }

  private nextUntil(end: bigint): [unknown, Timer] | undefined {
    let next: [unknown, Timer] | undefined;
    for (const entry of this.timers) if (entry[1].due <= end && (!next || entry[1].due < next[1].due)) next = entry;
    return next;
  }
}
