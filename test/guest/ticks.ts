// Ticks every millisecond, and logs a name of the instance that does.

export * from "filterwright/assembly/proxy";
import {
  LogLevelValues,
  RootContext,
  getRandom,
  log,
  registerRootContext,
  set_tick_period_milliseconds,
} from "filterwright/assembly";

class Ticking extends RootContext {
  private name: u64 = 0;

  onConfigure(size: u32): bool {
    this.name = load<u64>(changetype<usize>(getRandom(8)));
    set_tick_period_milliseconds(1);
    return true;
  }

  onTick(): void {
    log(LogLevelValues.warn, `tick ${this.name}`);
  }
}

registerRootContext((context_id) => new Ticking(context_id), "ticks");
