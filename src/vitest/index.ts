import { extendExpect } from "./matchers.ts";

extendExpect();

// Also so that the matchers' types come along.
export type { FilterMatchers } from "./matchers.ts";
export { type CaseFileOptions, testCaseFiles } from "./cases.ts";
export type { Exchange } from "./exchange.ts";
export { type Filter, type FilterOptions, loadFilter, type Property } from "./filter.ts";
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
