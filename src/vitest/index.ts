import { extendExpect } from "./matchers.ts";

extendExpect();

// Also so that the matchers' types come along.
export type { FilterMatchers } from "./matchers.ts";
export type { RunOptions } from "../cases/run-files.ts";
export { testCaseFiles } from "./cases.ts";
export type { Exchange } from "./exchange.ts";
export type { Filter } from "./filter.ts";
export { loadFilter, loadFilters } from "./load.ts";
export type { GrpcCall } from "./grpc-call.ts";
export type { HttpCall } from "./http-call.ts";
export type {
  FilterBody,
  FilterRequest,
  FilterResponse,
  Lines,
  Received,
  ReceivedRequest,
  ReceivedResponse,
} from "./message.ts";
export type { ChainedFilter, FilterHostOptions, FilterOptions, FilterPluginOptions } from "./options.ts";
export type { Property } from "./property.ts";
export type { Wanted } from "./wanted.ts";
// What these show of the host underneath; filterwright/host has the rest.
export type { BackendName } from "../cases/case-file.ts";
export {
  type FailurePolicy,
  FilterwrightError,
  type Host,
  type LogLevel,
  type LogLine,
  type Plugin,
  type ProxyExchange,
} from "../host/index.ts";
