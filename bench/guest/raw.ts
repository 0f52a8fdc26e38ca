// Host calls without a runtime: what jobs by hand in this folder are made of.

import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";

/** Bytes that are known when the module is compiled. */
export class Text {
  readonly buffer: ArrayBuffer;

  constructor(text: string) {
    this.buffer = String.UTF8.encode(text);
  }
}

const given = memory.data(65_536, 8);
const slots = memory.data(8, 8);

/** The host fills in what a call gives: one thing a callback. */
export function malloc(size: usize): usize {
  return given;
}

// @ts-ignore: decorator
@inline
export function add(map: i32, name: Text, value: Text): void {
  proxy_add_header_map_value(
    map,
    changetype<usize>(name.buffer),
    name.buffer.byteLength,
    changetype<usize>(value.buffer),
    value.buffer.byteLength,
  );
}

// @ts-ignore: decorator
@inline
export function replace(map: i32, name: Text, value: Text): void {
  proxy_replace_header_map_value(
    map,
    changetype<usize>(name.buffer),
    name.buffer.byteLength,
    changetype<usize>(value.buffer),
    value.buffer.byteLength,
  );
}

/** All header lines, as the ABI has them. @returns where */
export function pairs(map: i32): usize {
  proxy_get_header_map_pairs(map, slots, slots + 4);
  return load<usize>(slots);
}
