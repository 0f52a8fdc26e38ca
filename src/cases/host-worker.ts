// The TypeScript host in a thread of its own, so that a module that never returns can be ended.
import { parentPort } from "node:worker_threads";
import { FilterwrightError } from "../errors.ts";
import { HostSession, type HostSetup } from "./host-session.ts";
import type { Case } from "./case-file.ts";

/** What is asked of the thread. */
export type Order = { prepare: HostSetup } | { exchange: Pick<Case, "request" | "upstream" | "expect"> };
/** What it answers; an error in the parts that a thread can send. */
export type Reply = { value: unknown } | { error: Pick<FilterwrightError, "code" | "message" | "hint" | "detail"> };

const session = new HostSession();

parentPort!.on("message", (order: Order) => {
  parentPort!.postMessage(replyTo(order));
});

function replyTo(order: Order): Reply {
  try {
    return { value: "prepare" in order ? session.prepare(order.prepare) : session.exchange(order.exchange) };
  } catch (error) {
    if (!(error instanceof FilterwrightError)) throw error;
    const { code, message, hint, detail } = error;
    return { error: { code, message, hint, detail } };
  }
}
