import { proxy_define_metric, proxy_increment_metric } from "@solo-io/proxy-runtime/assembly/imports";
import { Rule } from "filterwright/assembly/filters/headers/rule";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { MetricTypeValues } from "filterwright/assembly/runtime/enums";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
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
  /** So many numbers of 32 bits, and as many metrics' ids behind them. */
  private readonly counts: usize;
  private readonly size: usize;

  constructor(rules: Rule[]) {
    const count = rules.length * KINDS;
    const counts = changetype<usize>(new ArrayBuffer(count << 3));
    const size = (<usize>count) << 2;
    this.counts = counts;
    this.size = size;
    for (let i = 0; i < count; i++) {
      const name = new Bytes("headers.rules." + rules[i / KINDS].name + "." + wordAt(NAMES, i % KINDS));
      proxy_define_metric(MetricTypeValues.Counter, name.start, name.size, counts + size + (i << 2));
    }
  }

  // @ts-ignore: decorator
  @inline
  countMatch(rule: i32): void {
    this.add(rule * KINDS, 1);
  }

  // @ts-ignore: decorator
  @inline
  count(rule: i32, outcome: Outcome, weight: i32): void {
    this.add(rule * KINDS + 1 + <i32>outcome, weight);
  }

  // @ts-ignore: decorator
  @inline
  private add(index: i32, weight: i32): void {
    const at = this.counts + (index << 2);
    store<u32>(at, load<u32>(at) + weight);
  }

  /** Tells the host what was counted since it was told last. */
  flush(): void {
    const size = this.size;
    for (let at = this.counts, end = at + size; at < end; at += 4) {
      const count = load<u32>(at);
      if (count == 0) continue;
      proxy_increment_metric(load<u32>(at + size), count);
      store<u32>(at, 0);
    }
  }
}
