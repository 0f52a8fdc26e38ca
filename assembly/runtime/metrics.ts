import {
  proxy_define_metric,
  proxy_get_metric,
  proxy_increment_metric,
  proxy_record_metric,
} from "@solo-io/proxy-runtime/assembly/imports";
import { numberSlot } from "filterwright/assembly/runtime/bytes";
import { MetricTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

// Envoy shows a metric as `wasmcustom.NAME`. Metrics of one name are one metric, on every worker.

export class MetricResult {
  result: WasmResultValues = WasmResultValues.Ok;
  metric_id: u32 = 0;
}

export function define_metric(typ: MetricTypeValues, name: string): MetricResult {
  encode(name);
  const metric = new MetricResult();
  metric.result = proxy_define_metric(typ, textStart, textSize, numberSlot);
  if (metric.result == WasmResultValues.Ok) metric.metric_id = load<u32>(numberSlot);
  return metric;
}

export function increment_metric(metric_id: u32, offset: i64): WasmResultValues {
  return proxy_increment_metric(metric_id, offset);
}

export function record_metric(metric_id: u32, value: u64): WasmResultValues {
  return proxy_record_metric(metric_id, value);
}

export class MetricData {
  result: WasmResultValues = WasmResultValues.Ok;
  data: u64 = 0;
}

export function get_metric(metric_id: u32): MetricData {
  const metric = new MetricData();
  metric.result = proxy_get_metric(metric_id, numberSlot);
  if (metric.result == WasmResultValues.Ok) metric.data = load<u64>(numberSlot);
  return metric;
}

export class Metric {
  metric_id: u32;
  /** Whether Envoy took the definition: `Ok`, or why not. */
  status: WasmResultValues;

  constructor(typ: MetricTypeValues, name: string) {
    const metric = define_metric(typ, name);
    this.metric_id = metric.metric_id;
    this.status = metric.result;
  }
}

/** Goes up only. */
export class Counter extends Metric {
  constructor(name: string) {
    super(MetricTypeValues.Counter, name);
  }

  /** @param offset at least 1 */
  increment(offset: u32): WasmResultValues {
    return proxy_increment_metric(this.metric_id, offset);
  }

  /** What it stands at; 0 where it cannot be read. */
  get value(): u64 {
    return get_metric(this.metric_id).data;
  }
}

/** Goes up and down. */
export class Gauge extends Metric {
  constructor(name: string) {
    super(MetricTypeValues.Gauge, name);
  }

  increment(offset: i64): WasmResultValues {
    return proxy_increment_metric(this.metric_id, offset);
  }

  /** @param metric_id not needed: a gauge knows its own; it stands for filters written for the published SDK */
  record(metric_id: u32, value: u64): WasmResultValues {
    return proxy_record_metric(this.metric_id, value);
  }

  set(value: u64): WasmResultValues {
    return proxy_record_metric(this.metric_id, value);
  }

  /** What it stands at; 0 where it cannot be read. */
  get value(): u64 {
    return get_metric(this.metric_id).data;
  }
}

/** Collects values. Envoy does not let a histogram be read or incremented. */
export class Histogram extends Metric {
  constructor(name: string) {
    super(MetricTypeValues.Histogram, name);
  }

  /** `BadArgument` from Envoy: use `observe`. */
  increment(offset: i64): WasmResultValues {
    return proxy_increment_metric(this.metric_id, offset);
  }

  /** @param metric_id not needed: a histogram knows its own; it stands for filters written for the published SDK */
  record(metric_id: u32, value: u64): WasmResultValues {
    return proxy_record_metric(this.metric_id, value);
  }

  observe(value: u64): WasmResultValues {
    return proxy_record_metric(this.metric_id, value);
  }
}
