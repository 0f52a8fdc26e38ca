// What is asked of a session that runs in a worker, and what it answers: in parts that Node and browsers can send.
import { FilterwrightError } from "../errors.ts";
import type { Case } from "./case-file.ts";
import type { HostSession, HostSetup } from "./host-session.ts";

export type Order = { prepare: HostSetup } | { exchange: Pick<Case, "request" | "upstream" | "expect"> };
export type Reply = { value: unknown } | { error: Pick<FilterwrightError, "code" | "message" | "hint" | "detail"> };

/** A worker of whichever kind that answers orders, one at a time. */
export interface SessionWorker {
  /** Rejects where the worker ends by itself. */
  ask(order: Order): Promise<Reply>;
  /** Ends it, whatever it does. */
  terminate(): Promise<unknown>;
}

export function replyTo(session: HostSession, order: Order): Reply {
  try {
    return { value: "prepare" in order ? session.prepare(order.prepare) : session.exchange(order.exchange) };
  } catch (error) {
    if (!(error instanceof FilterwrightError)) throw error;
    const { code, message, hint, detail } = error;
    return { error: { code, message, hint, detail } };
  }
}

/** What was answered. @throws FilterwrightError what the session threw */
export function valueOf(reply: Reply): unknown {
  if ("value" in reply) return reply.value;
  const { code, message, hint, detail } = reply.error;
  throw new FilterwrightError(code, message, { ...(hint && { hint }), ...(detail && { detail }) });
}
