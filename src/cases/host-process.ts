// The TypeScript host in a process of its own, so that a module that never returns can be ended.
import { HostSession } from "./host-session.ts";
import { type Order, replyTo } from "./orders.ts";

const session = new HostSession();

process.on("message", (order: Order) => void process.send!(replyTo(session, order)));
