import { proxy_increment_metric } from "@solo-io/proxy-runtime/assembly/imports";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { MetricTypeValues } from "filterwright/assembly/runtime/enums";
import { define_metric } from "filterwright/assembly/runtime/metrics";
import { wordAt } from "filterwright/assembly/text/words";

/** In the order of the counts. */
const NAMES = "matched, applied, skipped, rejected, error";
const KINDS = 5;

/**
 * `headers.rules.NAME.{matched,applied,skipped,rejected,error}`. They count here, and the host is told once a second and when
 * the plugin ends: no request pays for it.
 *
 *     counts: | matched | applied | skipped | rejected | error | of the next rule ...
 */
export class Counters {
  private readonly counts: StaticArray<u32>;
  private readonly metrics: StaticArray<u32>;

  /** @param ruleNames in the order of their indexes */
  constructor(ruleNames: string[]) {
    const count = ruleNames.length * KINDS;
    this.counts = new StaticArray(count);
    this.metrics = new StaticArray(count);
    for (let i = 0; i < count; i++) {
      const name = "headers.rules." + ruleNames[i / KINDS] + "." + wordAt(NAMES, i % KINDS);
      this.metrics[i] = define_metric(MetricTypeValues.Counter, name).metric_id;
    }
  }

  // @ts-ignore: decorator
  @inline
  countMatch(rule: i32): void {
    const at = rule * KINDS;
    unchecked(this.counts[at]++);
  }

  // @ts-ignore: decorator
  @inline
  count(rule: i32, outcome: Outcome, weight: i32): void {
    const at = rule * KINDS + 1 + <i32>outcome;
    unchecked((this.counts[at] += weight));
  }

  /** Tells the host what was counted since it was told last. */
  flush(): void {
    const counts = this.counts;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] == 0) continue;
      proxy_increment_metric(this.metrics[i], counts[i]);
      counts[i] = 0;
    }
  }
}
