// Adds, removes and rewrites headers by rules: docs/headers.md. The callbacks are the host's own, with no class of a stream
// between: what the rules do not need is not done.
//
// A configuration is a root context of the VM. Where there is one, as rendered configurations have it, every stream is its; a VM
// with several remembers whose a stream is, and so must be told of streams (`proxy_on_context_create`).

import { callbackRegion, enterRegion, freeRegion, newRegion } from "filterwright/assembly/heap/regions";
import { readDocument } from "filterwright/assembly/document";
import { Problems } from "filterwright/assembly/document/problems";
import { Plugin } from "filterwright/assembly/filters/headers/plugin";
import { Plugins } from "filterwright/assembly/filters/headers/plugins";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Plan } from "filterwright/assembly/filters/headers/plan";
import { readPlan } from "filterwright/assembly/filters/headers/read/plan";
import { Settings } from "filterwright/assembly/filters/headers/settings";
import { get_buffer_bytes } from "filterwright/assembly/runtime/buffer";
import { giveBackAll } from "filterwright/assembly/runtime/arena";
import { collectWhenDue } from "filterwright/assembly/runtime/collect";
import { BufferTypeValues, LogLevelValues } from "filterwright/assembly/runtime/enums";
import { log } from "filterwright/assembly/filters/headers/log";
import { decimal } from "filterwright/assembly/text/format";
import { fnv1a32 } from "filterwright/assembly/text/hash";
import { set_tick_period_milliseconds } from "filterwright/assembly/runtime/system";

export { malloc } from "filterwright/assembly/runtime/memory";

/** How often counters are told to the host. */
const FLUSH_MS = 1000;

const plugins = new Plugins();

// What has been made lives as long as the VM. From now on, what a callback makes lives until it returns.
enterRegion(callbackRegion);

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_context_create(context: u32, root: u32): void {
  plugins.onContextCreate(context, root);
  endRareCallback();
}

export function proxy_on_configure(root: u32, size: u32): u32 {
  const region = newRegion();
  const outside = enterRegion(region);
  const isGood = configure(root, size, region);
  enterRegion(outside);
  if (!isGood) freeRegion(region);
  endRareCallback();
  return isGood ? 1 : 0;
}

export function proxy_on_request_headers(stream: u32, count: u32, isEnd: u32): i32 {
  const plugin = plugins.ofStream(stream);
  const status = plugin === null ? 0 : <i32>plugin.onRequestHeaders(stream);
  endCallback();
  return status;
}

export function proxy_on_response_headers(stream: u32, count: u32, isEnd: u32): i32 {
  const plugin = plugins.ofStream(stream);
  const status = plugin === null ? 0 : <i32>plugin.onResponseHeaders(stream);
  endCallback();
  return status;
}

export function proxy_on_tick(root: u32): void {
  const plugin = plugins.ofRoot(root);
  if (plugin !== null) plugin.flush();
  endRareCallback();
}

export function proxy_on_delete(context: u32): void {
  plugins.onDelete(context);
  endRareCallback();
}

/** The runtime's also counts callbacks, for what this filter does not use. */
// @ts-ignore: decorator
@inline
function endCallback(): void {
  giveBackAll();
  collectWhenDue();
}

/** The same, and not written out where it is called. */
function endRareCallback(): void {
  endCallback();
}

/** @param region where all is made that the configuration comes to @returns whether the host is to take it */
function configure(root: u32, size: u32, region: usize): bool {
  const bytes = get_buffer_bytes(BufferTypeValues.PluginConfiguration, 0, size);
  const document = readDocument(bytes);
  if (document.problem.length > 0) return refuse(document.problem);
  const problems = new Problems();
  let plan = readPlan(document.root, problems);
  if (!problems.isEmpty) {
    refuse(problems.toString());
    if (!plan.settings.passesInvalid) return false;
    plan = new Plan(new Settings(), new Needs());
  }
  const digest = fnv1a32(changetype<usize>(bytes), bytes.byteLength);
  if (!plugins.mayAdd(root, digest)) return refuse("$: " + SHARED_VM);
  plugins.set(new Plugin(root, plan, digest, region));
  set_tick_period_milliseconds(FLUSH_MS);
  log(LogLevelValues.info, summary(plan));
  return true;
}

function refuse(problem: string): bool {
  log(LogLevelValues.error, "configuration refused at " + problem);
  return false;
}

/** What a good configuration is told to be. */
function summary(plan: Plan): string {
  let request = 0;
  let response = 0;
  for (let i = 0; i < plan.rules.length; i++) {
    request += plan.rules[i].request.length;
    response += plan.rules[i].response.length;
  }
  const mode = plan.settings.isShadow ? ", in shadow mode" : "";
  return (
    "headers: rules " +
    decimal(plan.rules.length) +
    ", operations on requests " +
    decimal(request) +
    ", on responses " +
    decimal(response) +
    mode
  );
}

const SHARED_VM =
  "expected a VM of its own for each configuration, found one that allows no proxy_on_context_create: give each another vm_id, or allow it";
