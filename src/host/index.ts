export { LogLevel, Result } from "./abi.ts";
export type { Address, Addresses } from "./attributes.ts";
export { type ByteString, decodeUtf8, encodeUtf8 } from "./bytes.ts";
export type { GrpcCall } from "./grpc-calls.ts";
export { configRefused, Host, type HostOptions, type LogLine } from "./host.ts";
export type { HttpCall, HttpCallResponse } from "./http-calls.ts";
export { type LoadedModule, ModuleCache } from "./module.ts";
export { HttpStream } from "./http-stream.ts";
export type { StreamOptions } from "./stream-options.ts";
export type { Message } from "./message.ts";
export type { Pair } from "./pairs.ts";
export { type FailurePolicy, Plugin, type PluginOptions } from "./plugin.ts";
export type { Attribute } from "./property.ts";
export {
  Proxy,
  type ProxyExchange,
  type ProxyOptions,
  type ProxyRequest,
  type ProxyResponse,
  type ReceivedRequest,
  type ReceivedResponse,
} from "./proxy.ts";
export { type TraceEvent, traceLine, type TraceValue } from "./trace.ts";
