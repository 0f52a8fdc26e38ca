// The TypeScript host in a thread of its own, so that a module that never returns can be ended.
import { parentPort } from "node:worker_threads";
import { HostSession } from "./host-session.ts";
import { type Order, replyTo } from "./orders.ts";

const session = new HostSession();

parentPort!.on("message", (order: Order) => {
  parentPort!.postMessage(replyTo(session, order));
});
