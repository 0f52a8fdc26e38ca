// A filter that takes memory until there is no more.

export * from "filterwright/assembly/proxy";
import { Context, FilterHeadersStatusValues, registerContext } from "filterwright/assembly";

class Hungry extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const held: ArrayBuffer[] = [];
    while (true) held.push(new ArrayBuffer(10_000));
  }
}

registerContext((context_id, root_context) => new Hungry(context_id, root_context), "hungry");
