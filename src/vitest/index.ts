import { extendExpect } from "./matchers.ts";

extendExpect();

// Also so that the matchers' types come along.
export type { FilterMatchers } from "./matchers.ts";
export type { RunOptions } from "../cases/run-files.ts";
export { testCaseFiles } from "./cases.ts";
export type { Exchange } from "./exchange.ts";
export { type Filter, type FilterOptions, loadFilter, type Property } from "./filter.ts";
export type { Body, Lines, Received, ReceivedRequest, ReceivedResponse, Request, Response } from "./message.ts";
