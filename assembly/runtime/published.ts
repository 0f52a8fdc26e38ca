// Functions that the published SDK's `runtime` module has beside those of its index. Filters import them by that path.

import { BaseContext, Context } from "filterwright/assembly/runtime/context";
import { findContext, removeContext } from "filterwright/assembly/runtime/contexts";
import { HeaderMapTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { HeaderStreamManipulator } from "filterwright/assembly/runtime/header-map";
import { createContext, createRootContext } from "filterwright/assembly/runtime/registry";
import { RootContext } from "filterwright/assembly/runtime/root-context";
import { SharedQueue, getSharedData } from "filterwright/assembly/runtime/shared";
import { stream_context } from "filterwright/assembly/runtime/stream-context";

/** A place for one number that a host call writes. */
export class Reference<T> {
  data!: T;

  ptr(): usize {
    return changetype<usize>(this) + offsetof<Reference<T>>("data");
  }
}

export function add_header_map_value(typ: HeaderMapTypeValues, key: ArrayBuffer, value: ArrayBuffer): WasmResultValues {
  return mapOf(typ).addBytes(String.UTF8.decode(key), value);
}

export function add_header_map_value_string(typ: HeaderMapTypeValues, key: string, value: string): WasmResultValues {
  return mapOf(typ).add(key, value);
}

/** Empty where the header is missing. */
export function get_header_map_value(typ: HeaderMapTypeValues, key: ArrayBuffer): ArrayBuffer {
  const value = mapOf(typ).getBytes(String.UTF8.decode(key));
  return value !== null ? value : new ArrayBuffer(0);
}

export function replace_header_map_value(
  typ: HeaderMapTypeValues,
  key: ArrayBuffer,
  value: ArrayBuffer,
): WasmResultValues {
  return mapOf(typ).replaceBytes(String.UTF8.decode(key), value);
}

export function replace_header_map_value_string(
  typ: HeaderMapTypeValues,
  key: string,
  value: string,
): WasmResultValues {
  return mapOf(typ).replace(key, value);
}

export function remove_header_map_value(typ: HeaderMapTypeValues, key: ArrayBuffer): WasmResultValues {
  return mapOf(typ).remove(String.UTF8.decode(key));
}

export function remove_header_map_value_string(typ: HeaderMapTypeValues, key: string): WasmResultValues {
  return mapOf(typ).remove(key);
}

/** Bytes of names and values. */
export function get_header_map_size(typ: HeaderMapTypeValues): usize {
  return mapOf(typ).size;
}

/** Copies the shared value into `value`, as much as fits. */
export function get_shared_data(key: string, value: ArrayBuffer): WasmResultValues {
  const data = getSharedData(key);
  memory.copy(changetype<usize>(value), changetype<usize>(data.value), min(value.byteLength, data.value.byteLength));
  return data.result;
}

/** @param token not used: the published function took for an address what callers gave as a number */
export function register_shared_queue(queue_name: string, token: u32): WasmResultValues {
  return SharedQueue.register(queue_name).result;
}

/** @param token not used, as in `register_shared_queue`; `SharedQueue.resolve` gives the token */
export function resolve_shared_queue(vm_id: string, queue_name: string, token: u32): WasmResultValues {
  return SharedQueue.resolve(vm_id, queue_name).result;
}

/** Makes the context that the host asks for. The runtime does it by itself; what the published SDK's `exports` call. */
export function ensureContext(context_id: u32, root_context_id: u32): void {
  if (findContext(context_id) === null) createContext(context_id, root_context_id);
}

export function ensureRootContext(root_context_id: u32): RootContext {
  if (findContext(root_context_id) === null) createRootContext(root_context_id);
  return getRootContext(root_context_id);
}

export function deleteContext(context_id: u32): void {
  removeContext(context_id);
}

export function getBaseContext(context_id: u32): BaseContext {
  return findContext(context_id)!;
}

export function getContext(context_id: u32): Context {
  return findContext(context_id) as Context;
}

export function getRootContext(context_id: u32): RootContext {
  return findContext(context_id) as RootContext;
}

function mapOf(typ: HeaderMapTypeValues): HeaderStreamManipulator {
  switch (typ) {
    case HeaderMapTypeValues.RequestHeaders:
      return stream_context.headers.request;
    case HeaderMapTypeValues.RequestTrailers:
      return stream_context.trailers.request;
    case HeaderMapTypeValues.ResponseHeaders:
      return stream_context.headers.response;
    case HeaderMapTypeValues.ResponseTrailers:
      return stream_context.trailers.response;
    case HeaderMapTypeValues.GrpcReceiveInitialMetadata:
      return stream_context.headers.grpc;
    case HeaderMapTypeValues.GrpcReceiveTrailingMetadata:
      return stream_context.trailers.grpc;
    case HeaderMapTypeValues.HttpCallResponseHeaders:
      return stream_context.headers.http_callback;
    case HeaderMapTypeValues.HttpCallResponseTrailers:
      return stream_context.trailers.http_callback;
    default:
      return new HeaderStreamManipulator(typ);
  }
}
