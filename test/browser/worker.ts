// The TypeScript host in a web worker: what src/cases/host-process.ts is in Node.
import { HostSession } from "../../src/cases/host-session.ts";
import { type Order, replyTo } from "../../src/cases/orders.ts";

const session = new HostSession();

// TypeScript would know both with the DOM's declarations only, which are not for the rest of the tests.
declare function addEventListener(type: "message", listener: (event: { data: Order }) => void): void;
declare function postMessage(reply: unknown): void;

addEventListener("message", ({ data }) => postMessage(replyTo(session, data)));
