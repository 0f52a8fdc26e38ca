/** Envoy's worker thread, as far as its order shows: what is posted in a turn is done after it. */
export class EventLoop {
  private readonly posted: (() => void)[] = [];
  private isInTurn = false;

  /** Does something, and then what was posted meanwhile. Within a turn it is part of that turn. */
  turn<T>(action: () => T): T {
    if (this.isInTurn) return action();
    const result = this.alone(action);
    for (let next = this.posted.shift(); next; next = this.posted.shift()) this.alone(next);
    return result;
  }

  /** Something comes from outside: a turn of its own, after the one that there may be. */
  event(action: () => void): void {
    if (this.isInTurn) this.post(action);
    else this.turn(action);
  }

  /** Does something after this turn; at once where there is none. */
  post(action: () => void): void {
    this.posted.push(action);
    if (!this.isInTurn) this.turn(() => {});
  }

  private alone<T>(action: () => T): T {
    this.isInTurn = true;
    try {
      return action();
    } finally {
      this.isInTurn = false;
    }
  }
}
