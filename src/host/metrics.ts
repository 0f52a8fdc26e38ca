import { MetricType, Result } from "./abi.ts";
import type { ByteString } from "./bytes.ts";

const U64 = (1n << 64n) - 1n;

/** Metrics by name, as all VMs of a process see them. */
export class MetricStore {
  readonly counters = new Map<ByteString, bigint>();
  readonly gauges = new Map<ByteString, bigint>();
  /** What was recorded, in order. */
  readonly histograms = new Map<ByteString, bigint[]>();
}

/** @internal The metrics that one VM has defined, by id: Envoy's context.cc. */
export class VmMetrics {
  private readonly store: MetricStore;
  private readonly names = new Map<number, ByteString>();
  private readonly defined = [0, 0, 0];

  constructor(store: MetricStore) {
    this.store = store;
  }

  /** @returns the id, or why there is none. Each definition has an id of its own; the low two bits are the type. */
  define(type: number, name: ByteString): { id: number } | { error: Result } {
    const ofType = [this.store.counters, this.store.gauges, this.store.histograms][type];
    if (!ofType) return { error: Result.BadArgument };
    if (!ofType.has(name)) (ofType as Map<ByteString, unknown>).set(name, type === MetricType.Histogram ? [] : 0n);
    this.defined[type]! += 1;
    const id = 4 * this.defined[type]! + type;
    this.names.set(id, name);
    return { id };
  }

  increment(id: number, offset: bigint): Result {
    const type = id & 3;
    if (type !== MetricType.Counter && type !== MetricType.Gauge) return Result.BadArgument;
    const name = this.names.get(id);
    if (name === undefined) return Result.NotFound;
    if (type === MetricType.Counter && offset <= 0n) return Result.BadArgument;
    this.change(type, name, (value) => value + offset);
    return Result.Ok;
  }

  record(id: number, value: bigint): Result {
    const type = id & 3;
    const name = this.names.get(id);
    if (name === undefined) return Result.NotFound;
    if (type === MetricType.Histogram) this.store.histograms.get(name)!.push(value);
    else this.change(type, name, (before) => (type === MetricType.Counter ? before + value : value));
    return Result.Ok;
  }

  get(id: number): { value: bigint } | { error: Result } {
    const type = id & 3;
    if (type !== MetricType.Counter && type !== MetricType.Gauge) return { error: Result.BadArgument };
    const name = this.names.get(id);
    return name === undefined ? { error: Result.NotFound } : { value: this.numbers(type).get(name)! };
  }

  private change(type: number, name: ByteString, change: (before: bigint) => bigint): void {
    const numbers = this.numbers(type);
    numbers.set(name, change(numbers.get(name)!) & U64);
  }

  private numbers(type: number): Map<ByteString, bigint> {
    return type === MetricType.Counter ? this.store.counters : this.store.gauges;
  }
}
