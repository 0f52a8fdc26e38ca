// Runs a program of host calls, which its VM's configuration has, and logs what each of them gives. So the same program can
// be run on a real Envoy and on the TypeScript host, and must say the same. A line of the program is
//
//     CALLBACK CALL ARGUMENT...
//
// with numbers in decimal and bytes in hexadecimal after an x. `CALLBACK.N` means only the Nth time that the callback comes.
// `CALLBACK return N` is what the callback answers, `CALLBACK trap` traps.
//
// Only the first stream runs it. Another one is a sign to let the timer tick, once: how often, and when, nobody could say else.

import {
  proxy_get_buffer_bytes,
  proxy_log,
  proxy_send_local_response,
  proxy_set_tick_period_milliseconds,
} from "@solo-io/proxy-runtime/assembly/imports";
import "filterwright/assembly/runtime/abort";
import { call, slots } from "./probe/call";

const VM_CONFIGURATION = 6;
let program: string[] = [];
const FIRST_STREAM = 2;
/** How often each callback has come. */
const counts = new Map<string, i32>();

/** Memory for what the host gives: taken anew, never given back. A probe does not live long. */
export function malloc(size: i32): usize {
  return heap.alloc(size);
}

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_context_create(id: u32, root: u32): void {
  if (root != 0) {
    if (id == FIRST_STREAM) run("create", 0, id, root);
    return;
  }
  if (program.length == 0) readProgram();
  run("create_root", 0, id);
}

export function proxy_on_vm_start(root: u32, size: u32): u32 {
  return run("vm_start", 1, size);
}

export function proxy_on_configure(root: u32, size: u32): u32 {
  return run("configure", 1, size);
}

export function proxy_on_tick(root: u32): void {
  proxy_set_tick_period_milliseconds(0);
  run("tick", 0);
}

export function proxy_on_http_call_response(root: u32, token: u32, headers: u32, body: u32, trailers: u32): void {
  run("http_call_response", 0, token, headers, body, trailers);
}

export function proxy_on_grpc_close(root: u32, token: u32, status: u32): void {
  run("grpc_close", 0, token, status);
}

export function proxy_on_queue_ready(root: u32, token: u32): void {
  run("queue_ready", 0);
}

export function proxy_on_request_headers(id: u32, count: u32, end: u32): i32 {
  if (id != FIRST_STREAM) return startTick();
  return run("request_headers", 0, count, end);
}

export function proxy_on_request_body(id: u32, size: u32, end: u32): i32 {
  return id == FIRST_STREAM ? run("request_body", 0, size, end) : 0;
}

export function proxy_on_request_trailers(id: u32, count: u32): i32 {
  return id == FIRST_STREAM ? run("request_trailers", 0, count) : 0;
}

export function proxy_on_response_headers(id: u32, count: u32, end: u32): i32 {
  return id == FIRST_STREAM ? run("response_headers", 0, count, end) : 0;
}

export function proxy_on_response_body(id: u32, size: u32, end: u32): i32 {
  return id == FIRST_STREAM ? run("response_body", 0, size, end) : 0;
}

export function proxy_on_response_trailers(id: u32, count: u32): i32 {
  return id == FIRST_STREAM ? run("response_trailers", 0, count) : 0;
}

export function proxy_on_log(id: u32): void {
  if (id == FIRST_STREAM) run("log", 0);
}

export function proxy_on_done(id: u32): u32 {
  return id == FIRST_STREAM ? run("done", 1) : 1;
}

export function proxy_on_delete(id: u32): void {
  if (id != FIRST_STREAM) return;
  run("delete", 0);
  say("gone");
}

function startTick(): i32 {
  proxy_set_tick_period_milliseconds(1);
  proxy_send_local_response(204, slots, 0, slots, 0, slots, 0, -1);
  return 1;
}

function readProgram(): void {
  proxy_get_buffer_bytes(VM_CONFIGURATION, 0, i32.MAX_VALUE, slots, slots + 4);
  program = String.UTF8.decodeUnsafe(load<usize>(slots), load<usize>(slots + 4)).split("\n");
}

/** @param first, second, third, fourth what the callback was given */
function run(callback: string, answer: i32, first: u32 = 0, second: u32 = 0, third: u32 = 0, fourth: u32 = 0): i32 {
  const count = counts.has(callback) ? counts.get(callback) : 0;
  counts.set(callback, count + 1);
  say(`${callback} ${first} ${second} ${third} ${fourth}`);
  for (let i = 0; i < program.length; i++) {
    const line = program[i].split(" ");
    if (line[0] != callback && line[0] != `${callback}.${count}`) continue;
    if (line[1] == "return") answer = I32.parseInt(line[2]);
    else if (line[1] == "trap") unreachable();
    else say(`${i} ${line[1]} ${call(line)}`);
  }
  return answer;
}

function say(text: string): void {
  const bytes = String.UTF8.encode(text);
  proxy_log(2, changetype<usize>(bytes), bytes.byteLength);
}
