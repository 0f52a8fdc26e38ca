import { Result } from "./abi.ts";
import { type ByteString, expectBytes } from "./bytes.ts";

/** What VMs share, of whatever `vm_id`: proxy-wasm-cpp-host's shared_data.cc and shared_queue.cc. */
export class Shared {
  private readonly data = new Map<string, Map<ByteString, SharedValue>>();
  private nextCas = 1;
  private readonly tokens = new Map<string, number>();
  private readonly queues = new Map<number, Queue>();

  /** @returns undefined for a key that is not there */
  get(vmId: string, key: ByteString): SharedValue | undefined {
    return this.data.get(vmId)?.get(key);
  }

  /** @param cas 0 writes in any case */
  set(vmId: string, key: ByteString, value: ByteString, cas: number): Result {
    expectBytes(key, value);
    const ofVm = this.data.get(vmId) ?? new Map<ByteString, SharedValue>();
    this.data.set(vmId, ofVm);
    const before = ofVm.get(key);
    if (before && cas !== 0 && cas !== before.cas) return Result.CasMismatch;
    ofVm.set(key, { value, cas: this.nextCas++ });
    return Result.Ok;
  }

  /** Every value of a `vm_id`. */
  entries(vmId: string): Record<ByteString, ByteString> {
    return Object.fromEntries([...(this.data.get(vmId) ?? [])].map(([key, { value }]) => [key, value]));
  }

  /** @param onReady is called when something was put in; that of the last one to register counts */
  registerQueue(vmId: string, name: ByteString, onReady: (token: number) => void): number {
    const token = this.resolveQueue(vmId, name) ?? this.tokens.size + 1;
    this.tokens.set(`${vmId}\0${name}`, token);
    this.queues.set(token, { items: this.queues.get(token)?.items ?? [], onReady });
    return token;
  }

  resolveQueue(vmId: string, name: ByteString): number | undefined {
    return this.tokens.get(`${vmId}\0${name}`);
  }

  /** What waits in a queue; undefined where there is none. */
  queued(vmId: string, name: ByteString): readonly ByteString[] | undefined {
    return this.queues.get(this.resolveQueue(vmId, name) ?? 0)?.items;
  }

  enqueue(token: number, item: ByteString): Result {
    expectBytes(item);
    const queue = this.queues.get(token);
    if (!queue) return Result.NotFound;
    queue.items.push(item);
    queue.onReady(token);
    return Result.Ok;
  }

  /** @returns the item, or why there is none */
  dequeue(token: number): ByteString | Result {
    const queue = this.queues.get(token);
    if (!queue) return Result.NotFound;
    return queue.items.shift() ?? Result.Empty;
  }
}

export interface SharedValue {
  value: ByteString;
  cas: number;
}

interface Queue {
  items: ByteString[];
  onReady: (token: number) => void;
}
