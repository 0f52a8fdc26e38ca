// The host calls of the probe's programs: arguments from words, results as words.
import {
  proxy_add_header_map_value,
  proxy_call_foreign_function,
  proxy_close_stream,
  proxy_continue_stream,
  proxy_define_metric,
  proxy_dequeue_shared_queue,
  proxy_done,
  proxy_enqueue_shared_queue,
  proxy_get_buffer_bytes,
  proxy_get_buffer_status,
  proxy_get_current_time_nanoseconds,
  proxy_get_header_map_pairs,
  proxy_get_header_map_size,
  proxy_get_header_map_value,
  proxy_get_metric,
  proxy_get_property,
  proxy_get_shared_data,
  proxy_get_status,
  proxy_grpc_cancel,
  proxy_grpc_close,
  proxy_grpc_send,
  proxy_http_call,
  proxy_increment_metric,
  proxy_log,
  proxy_record_metric,
  proxy_register_shared_queue,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_resolve_shared_queue,
  proxy_send_local_response,
  proxy_set_effective_context,
  proxy_set_header_map_pairs,
  proxy_set_property,
  proxy_set_shared_data,
  proxy_set_tick_period_milliseconds,
} from "@solo-io/proxy-runtime/assembly/imports";
import {
  proxy_get_log_level,
  proxy_grpc_call,
  proxy_grpc_stream,
  proxy_set_buffer_bytes,
} from "filterwright/assembly/runtime/abi";

/** Where host calls put what they give. */
export const slots: usize = memory.data(64, 8);
let words: string[] = [];
let at: i32 = 0;

function number(): i32 {
  return <i32>I64.parseInt(words[at++]);
}

let size: u32 = 0;

/** Bytes of the next argument; `size` is how many. */
function bytes(): usize {
  const word = words[at++];
  size = (word.length - 1) >> 1;
  const start = heap.alloc(size);
  for (let i: u32 = 0; i < size; i++) store<u8>(start + i, <u8>I32.parseInt(word.substr(1 + 2 * i, 2), 16));
  return start;
}

/** What the host gave through the first two slots. */
function given(result: u32): string {
  return result == 0 ? `0 ${hex(load<usize>(slots), load<u32>(slots + 4))}` : `${result}`;
}

function hex(start: usize, length: u32): string {
  let text = "x";
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i);
    text += (byte < 16 ? "0" : "") + (<u32>byte).toString(16);
  }
  return text;
}

/** Makes the call of a line. @returns what it gave */
export function call(line: string[]): string {
  words = line;
  at = 2;
  store<u64>(slots, 0);
  store<u64>(slots + 8, 0);
  const name = line[1];
  if (name == "add" || name == "replace") {
    const type = number();
    const key = bytes();
    const keySize = size;
    const value = bytes();
    return name == "add"
      ? `${proxy_add_header_map_value(type, key, keySize, value, size)}`
      : `${proxy_replace_header_map_value(type, key, keySize, value, size)}`;
  }
  if (name == "remove") {
    const type = number();
    const key = bytes();
    return `${proxy_remove_header_map_value(type, key, size)}`;
  }
  if (name == "get") {
    const type = number();
    const key = bytes();
    return given(proxy_get_header_map_value(type, key, size, slots, slots + 4));
  }
  if (name == "pairs") return given(proxy_get_header_map_pairs(number(), slots, slots + 4));
  if (name == "set_pairs") {
    const type = number();
    const pairs = bytes();
    return `${proxy_set_header_map_pairs(type, pairs, size)}`;
  }
  if (name == "map_size") {
    const result = proxy_get_header_map_size(number(), slots);
    return `${result} ${load<u32>(slots)}`;
  }
  if (name == "body") {
    const type = number();
    const start = number();
    return given(proxy_get_buffer_bytes(type, start, number(), slots, slots + 4));
  }
  if (name == "body_status") {
    const result = proxy_get_buffer_status(number(), slots, slots + 4);
    return `${result} ${load<u32>(slots)} ${load<u32>(slots + 4)}`;
  }
  if (name == "set_body") {
    const type = number();
    const start = number();
    const length = number();
    const data = bytes();
    return `${proxy_set_buffer_bytes(type, start, length, data, size)}`;
  }
  if (name == "property") {
    const path = bytes();
    return given(proxy_get_property(path, size, slots, slots + 4));
  }
  if (name == "set_property") {
    const path = bytes();
    const pathSize = size;
    const value = bytes();
    return `${proxy_set_property(path, pathSize, value, size)}`;
  }
  if (name == "shared") {
    const key = bytes();
    return given(proxy_get_shared_data(key, size, slots, slots + 4, slots + 8));
  }
  if (name == "set_shared") {
    const key = bytes();
    const keySize = size;
    const value = bytes();
    const valueSize = size;
    return `${proxy_set_shared_data(key, keySize, value, valueSize, number())}`;
  }
  if (name == "register_queue") {
    const queue = bytes();
    return `${proxy_register_shared_queue(queue, size, slots)}`;
  }
  if (name == "resolve_queue") {
    const vm = bytes();
    const vmSize = size;
    const queue = bytes();
    return `${proxy_resolve_shared_queue(vm, vmSize, queue, size, slots)}`;
  }
  if (name == "enqueue") {
    const token = number();
    const item = bytes();
    return `${proxy_enqueue_shared_queue(token, item, size)}`;
  }
  if (name == "dequeue") return given(proxy_dequeue_shared_queue(number(), slots, slots + 4));
  if (name == "define") {
    const type = number();
    const metric = bytes();
    return `${proxy_define_metric(type, metric, size, slots)}`;
  }
  if (name == "increment") {
    const id = number();
    return `${proxy_increment_metric(id, I64.parseInt(words[at]))}`;
  }
  if (name == "record") {
    const id = number();
    return `${proxy_record_metric(id, I64.parseInt(words[at]))}`;
  }
  if (name == "metric") {
    const result = proxy_get_metric(number(), slots);
    return `${result} ${load<u64>(slots)}`;
  }
  if (name == "log") {
    const level = number();
    const text = bytes();
    return `${proxy_log(level, text, size)}`;
  }
  if (name == "log_level") return `${proxy_get_log_level(slots)} ${load<u32>(slots)}`;
  if (name == "continue") return `${proxy_continue_stream(number())}`;
  if (name == "close") return `${proxy_close_stream(number())}`;
  if (name == "reply") {
    const status = number();
    const details = bytes();
    const detailsSize = size;
    const body = bytes();
    const bodySize = size;
    const pairs = bytes();
    const pairsSize = size;
    return `${proxy_send_local_response(status, details, detailsSize, body, bodySize, pairs, pairsSize, number())}`;
  }
  if (name == "effective") return `${proxy_set_effective_context(number())}`;
  if (name == "foreign") {
    const callee = bytes();
    const calleeSize = size;
    const argument = bytes();
    return given(proxy_call_foreign_function(callee, calleeSize, argument, size, slots, slots + 4));
  }
  if (name == "tick_period") return `${proxy_set_tick_period_milliseconds(number())}`;
  if (name == "time") {
    const result = proxy_get_current_time_nanoseconds(slots);
    return `${result} ${load<u64>(slots) > 1_000_000_000_000_000_000}`;
  }
  if (name == "done") return `${proxy_done()}`;
  if (name == "status") {
    const result = proxy_get_status(slots + 8, slots, slots + 4);
    return `${load<u32>(slots + 8)} ${given(result)}`;
  }
  if (name == "http_call") {
    const cluster = bytes();
    const clusterSize = size;
    const pairs = bytes();
    const pairsSize = size;
    const body = bytes();
    const bodySize = size;
    const trailers = bytes();
    const result = proxy_http_call(
      cluster,
      clusterSize,
      pairs,
      pairsSize,
      body,
      bodySize,
      trailers,
      size,
      number(),
      slots,
    );
    return `${result} ${load<u32>(slots)}`;
  }
  if (name == "grpc_call" || name == "grpc_stream") {
    const target = bytes();
    const targetSize = size;
    const pairs = bytes();
    const s = slots;
    const result =
      name == "grpc_call"
        ? proxy_grpc_call(target, targetSize, s, 0, s, 0, pairs, size, s, 0, 1000, slots)
        : proxy_grpc_stream(target, targetSize, s, 0, s, 0, pairs, size, slots);
    return `${result} ${load<u32>(slots)}`;
  }
  if (name == "grpc_send") {
    const token = number();
    const message = bytes();
    return `${proxy_grpc_send(token, message, size, number())}`;
  }
  if (name == "grpc_close") return `${proxy_grpc_close(number())}`;
  if (name == "grpc_cancel") return `${proxy_grpc_cancel(number())}`;
  return "unknown";
}
