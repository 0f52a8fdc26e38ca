export { LogLevel, Result } from "./abi.ts";
export { type ByteString, decodeUtf8, encodeUtf8 } from "./bytes.ts";
export { Host, type HostOptions, type LogLine, Plugin, type PluginOptions } from "./host.ts";
export { type FailurePolicy, HttpStream, type Message } from "./http-stream.ts";
export type { Pair } from "./pairs.ts";
export type { Attribute } from "./property.ts";
export type { HttpCall, TraceEvent } from "./services.ts";
