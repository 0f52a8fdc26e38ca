import { GrpcHandler, HttpCallback, startedToken } from "filterwright/assembly/runtime/calls";
import { IdTable } from "filterwright/assembly/runtime/id-table";
import { RootContext } from "filterwright/assembly/runtime/root-context";

// The calls that wait for an answer, of all plugins of the VM: tokens are the VM's. Made when the first call is.

let httpCalls: IdTable | null = null;
let grpcCalls: IdTable | null = null;

/**
 * To be called with a plugin that is gone: nothing comes of its calls any more. A variable, so that a module without calls
 * has none of it.
 */
export let forgetCallsOf: ((plugin: RootContext) => void) | null = null;

function newTable(): IdTable {
  forgetCallsOf = (plugin: RootContext): void => {
    takeHttpCallsOf(plugin);
    forgetGrpcCallsOf(plugin);
  };
  return new IdTable();
}

/** Keeps the callback of the HTTP call begun last. */
export function expectHttpAnswer(plugin: RootContext, call: HttpCallback): void {
  call.token = startedToken();
  call.plugin = plugin;
  let table = httpCalls;
  if (table === null) httpCalls = table = newTable();
  table.add(call.token, call);
}

/** @returns null for a call that was forgotten */
export function takeHttpCall(token: u32): HttpCallback | null {
  const table = httpCalls;
  if (table === null) return null;
  const call = changetype<HttpCallback | null>(table.find(token));
  table.remove(token);
  return call;
}

/** @returns those of one plugin, chained by `next` */
export function takeHttpCallsOf(plugin: RootContext): HttpCallback | null {
  const table = httpCalls;
  if (table === null) return null;
  let first: HttpCallback | null = null;
  const items = table.items();
  for (let i = 0; i < items.length; i++) {
    const found = changetype<HttpCallback | null>(unchecked(items[i]));
    if (found === null || found.plugin !== plugin) continue;
    found.next = first;
    first = found;
  }
  let call = first;
  while (call !== null) {
    table.remove(call.token);
    call = call.next;
  }
  return first;
}

/** Keeps the handler of the gRPC call or stream begun last. */
export function expectGrpcAnswer(plugin: RootContext, handler: GrpcHandler): void {
  handler.token = startedToken();
  handler.plugin = plugin;
  let table = grpcCalls;
  if (table === null) grpcCalls = table = newTable();
  table.add(handler.token, handler);
}

/** @returns null for a call that is over */
export function findGrpcCall(token: u32): GrpcHandler | null {
  const table = grpcCalls;
  return table === null ? null : changetype<GrpcHandler | null>(table.find(token));
}

/** For a call that is over: nothing more comes of it. */
export function forgetGrpcCall(token: u32): void {
  const table = grpcCalls;
  if (table !== null) table.remove(token);
}

function forgetGrpcCallsOf(plugin: RootContext): void {
  const table = grpcCalls;
  if (table === null) return;
  const tokens: u32[] = [];
  const items = table.items();
  for (let i = 0; i < items.length; i++) {
    const handler = changetype<GrpcHandler | null>(unchecked(items[i]));
    if (handler !== null && handler.plugin === plugin) tokens.push(handler.token);
  }
  for (let i = 0; i < tokens.length; i++) table.remove(tokens[i]);
}
