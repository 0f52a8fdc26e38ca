import {
  proxy_dequeue_shared_queue,
  proxy_enqueue_shared_queue,
  proxy_get_shared_data,
  proxy_register_shared_queue,
  proxy_resolve_shared_queue,
  proxy_set_shared_data,
} from "@solo-io/proxy-runtime/assembly/imports";
import { givenBytes, numberSlot, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

// What all VMs of one vm_id share: on every worker, in this process. It lives as long as one of them does.

/** A value, and the number that says whether anybody has changed it since. */
export class SharedData {
  result: WasmResultValues = WasmResultValues.Ok;
  value: ArrayBuffer = new ArrayBuffer(0);
  /** For `setSharedData`; never 0 for a key that is there. */
  cas: u32 = 0;
}

/** `result` is `NotFound` for a key that is not there. */
export function getSharedData(key: string): SharedData {
  encode(key);
  const data = new SharedData();
  data.result = proxy_get_shared_data(textStart, textSize, startSlot, sizeSlot, numberSlot);
  if (data.result == WasmResultValues.Ok) {
    data.value = givenBytes();
    data.cas = load<u32>(numberSlot);
  }
  return data;
}

/** @param cas the number that came with the value: `CasMismatch` where it was changed since; 0 writes in any case */
export function setSharedData(key: string, value: ArrayBuffer, cas: u32 = 0): WasmResultValues {
  encode(key);
  return proxy_set_shared_data(textStart, textSize, changetype<usize>(value), value.byteLength, cas);
}

/** A queue of this vm_id, or `token` 0 with the reason in `result`. */
export class SharedQueue {
  result: WasmResultValues = WasmResultValues.Ok;
  token: u32 = 0;

  /** Makes the queue, or finds it; this plugin's `onQueueReady` hears of what comes in, on the thread that registered last. */
  static register(name: string): SharedQueue {
    encode(name);
    return SharedQueue.of(proxy_register_shared_queue(textStart, textSize, numberSlot));
  }

  /** Finds a queue that another plugin made. @param vm_id empty for our own */
  static resolve(vm_id: string, name: string): SharedQueue {
    encode(vm_id);
    const vmStart = textStart;
    const vmSize = textSize;
    encode(name);
    return SharedQueue.of(proxy_resolve_shared_queue(vmStart, vmSize, textStart, textSize, numberSlot));
  }

  enqueue(data: ArrayBuffer): WasmResultValues {
    return enqueue_shared_queue(this.token, data);
  }

  /** The oldest item, or null where the queue is empty. */
  dequeue(): ArrayBuffer | null {
    const item = dequeue_shared_queue(this.token);
    return item.result == WasmResultValues.Ok ? item.data : null;
  }

  private static of(result: WasmResultValues): SharedQueue {
    const queue = new SharedQueue();
    queue.result = result;
    if (result == WasmResultValues.Ok) queue.token = load<u32>(numberSlot);
    return queue;
  }
}

export class DequeueSharedQueueResult {
  result: WasmResultValues = WasmResultValues.Ok;
  data: ArrayBuffer = new ArrayBuffer(0);
}

/** `result` is `Empty` for a queue without items, `NotFound` for a token that is none. */
export function dequeue_shared_queue(token: u32): DequeueSharedQueueResult {
  const item = new DequeueSharedQueueResult();
  item.result = proxy_dequeue_shared_queue(token, startSlot, sizeSlot);
  if (item.result == WasmResultValues.Ok) item.data = givenBytes();
  return item;
}

export function enqueue_shared_queue(token: u32, data: ArrayBuffer): WasmResultValues {
  return proxy_enqueue_shared_queue(token, changetype<usize>(data), data.byteLength);
}
