import { freeRegion } from "filterwright/assembly/heap/regions";
import { LIMITS_DETAILS, answer } from "filterwright/assembly/filters/headers/answer";
import { Counters } from "filterwright/assembly/filters/headers/counters";
import { Limits } from "filterwright/assembly/filters/headers/limits";
import { Plan } from "filterwright/assembly/filters/headers/plan";
import { Runner } from "filterwright/assembly/filters/headers/runner";
import { StreamState } from "filterwright/assembly/filters/headers/stream-state";
import { FilterHeadersStatusValues, LogLevelValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { IdTable } from "filterwright/assembly/runtime/id-table";
import { log } from "filterwright/assembly/filters/headers/log";

/** A configuration at work. */
export class Plugin {
  private readonly counters: Counters;
  private readonly request: Runner;
  private readonly response: Runner;
  private readonly keepsState: bool;
  /** What streams remember, by their ids. */
  private readonly states: IdTable = new IdTable();

  /** The one that this one took the place of: its streams may still be there. */
  before: Plugin | null = null;
  /** The next one of the VM. */
  next: Plugin | null = null;

  /** @param digest equal for configurations that are @param region of the plan, and of all that is made for it */
  constructor(
    readonly root: u32,
    private readonly plan: Plan,
    readonly digest: u32,
    private readonly region: usize,
  ) {
    const counters = new Counters(plan.rules);
    this.counters = counters;
    this.request = new Runner(true, plan, counters);
    this.response = new Runner(false, plan, counters);
    this.keepsState = plan.keepsState;
  }

  onRequestHeaders(stream: u32): FilterHeadersStatusValues {
    const plan = this.plan;
    const message = this.request.pass.message;
    this.request.pass.begin();
    const limits = plan.limits;
    if (limits !== null && this.isRefused(limits, message.lines)) return FilterHeadersStatusValues.StopIteration;
    const state = this.keepsState ? StreamState.open(plan.layout) : null;
    if (state !== null) this.states.add(stream, state);
    const beforeRequest = plan.needs.beforeRequest;
    if (beforeRequest.isNeeded) {
      const lines = message.lines;
      const before = state === null ? beforeRequest.note(lines) : state.note(beforeRequest, lines);
      beforeRequest.show(before);
      if (state !== null) state.beforeRequest = before;
    }
    if (!this.request.run(state)) return FilterHeadersStatusValues.StopIteration;
    const afterRequest = plan.needs.afterRequest;
    if (state !== null && afterRequest.isNeeded) state.afterRequest = state.note(afterRequest, message.lines);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(stream: u32): FilterHeadersStatusValues {
    const plan = this.plan;
    const needs = plan.needs;
    this.response.pass.begin();
    const state = this.keepsState ? changetype<StreamState | null>(this.states.find(stream)) : null;
    if (needs.afterRequest.isNeeded) needs.afterRequest.show(state === null ? null : state.afterRequest);
    if (needs.keepsBeforeRequest) needs.beforeRequest.show(state === null ? null : state.beforeRequest);
    const beforeResponse = needs.beforeResponse;
    if (beforeResponse.isNeeded) beforeResponse.show(beforeResponse.note(this.response.pass.message.lines));
    if (!this.response.run(state)) return FilterHeadersStatusValues.StopIteration;
    const isSecure = plan.security.length == 0 || this.response.runLast();
    return isSecure ? FilterHeadersStatusValues.Continue : FilterHeadersStatusValues.StopIteration;
  }

  onDelete(stream: u32): void {
    if (!this.keepsState) return;
    const state = changetype<StreamState | null>(this.states.find(stream));
    if (state === null) return;
    this.states.remove(stream);
    state.close();
  }

  /** The root context is gone, and with it every stream: nothing of the plugin is used again. */
  free(): void {
    let plugin: Plugin | null = this;
    while (plugin !== null) {
      const before: Plugin | null = plugin.before;
      freeRegion(plugin.region);
      plugin = before;
    }
  }

  /** Tells the host what was counted. */
  flush(): void {
    this.counters.flush();
  }

  /** Whether the request has too much, and was answered for it. */
  private isRefused(limits: Limits, headers: HeaderList): bool {
    const exceeded = limits.exceeded(headers);
    if (exceeded.length == 0) return false;
    if (this.plan.settings.isShadow) {
      log(LogLevelValues.info, "headers: in shadow mode would answer 431: limits." + exceeded);
      return false;
    }
    answer(431, LIMITS_DETAILS, new HeaderList());
    return true;
  }
}
