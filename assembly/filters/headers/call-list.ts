import {
  proxy_add_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/header-lines";

/** Host calls that are the same for every message: all that operations without conditions and templates come to. */
export class CallList {
  private readonly calls: Call[] = [];

  get isEmpty(): bool {
    return this.calls.length == 0;
  }

  add(name: Bytes, value: Bytes): void {
    this.calls.push(new Call(CallKind.Add, name, value));
  }

  replace(name: Bytes, value: Bytes): void {
    this.calls.push(new Call(CallKind.Replace, name, value));
  }

  remove(name: Bytes): void {
    this.calls.push(new Call(CallKind.Remove, name, name));
  }

  /** Makes them, in order. */
  run(type: u32): void {
    const calls = this.calls;
    for (let i = 0, count = calls.length; i < count; i++) {
      const call = unchecked(calls[i]);
      if (call.kind == CallKind.Add) {
        proxy_add_header_map_value(type, call.name.start, call.name.size, call.value.start, call.value.size);
      } else if (call.kind == CallKind.Replace) {
        proxy_replace_header_map_value(type, call.name.start, call.name.size, call.value.start, call.value.size);
      } else {
        proxy_remove_header_map_value(type, call.name.start, call.name.size);
      }
    }
  }
}

enum CallKind {
  Add,
  Replace,
  Remove,
}

class Call {
  constructor(
    readonly kind: CallKind,
    readonly name: Bytes,
    readonly value: Bytes,
  ) {}
}
