import { readFileSync } from "node:fs";
import { Host } from "../host/host.ts";
import { ModuleCache } from "../host/module.ts";
import { packageFile } from "../package-files.ts";
import type { Plan, Problem } from "./plan.ts";

/** What the filter makes of a configuration. */
export interface CheckedRules {
  /** All that is wrong, in the order in which the filter reads. */
  problems: Problem[];
  /** What it comes to, where nothing is wrong. */
  plan?: Plan;
}

let module: Uint8Array | undefined;
/** Compiled once. */
const modules = new ModuleCache();

/** Has the filter's own code read a configuration: JSON, or the bytes of a Struct. */
export function checkConfiguration(configuration: string | Uint8Array): CheckedRules {
  module ??= readFileSync(packageFile("build/headers-check.wasm"));
  const host = new Host({ modules });
  host.load({ wasm: module, rootId: "headers", configuration });
  return JSON.parse(host.logs.find(({ level }) => level === "info")!.message) as CheckedRules;
}
