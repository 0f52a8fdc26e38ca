import { fork } from "node:child_process";
import { extname } from "node:path";
import { FilterwrightError } from "../errors.ts";
import type { Reply, SessionWorker } from "./orders.ts";

/** `.ts` in the repository, `.js` in the published package. */
const PROGRAM = new URL(`./host-process${extname(import.meta.filename)}`, import.meta.url);

/**
 * A session in a process of its own. Not in a thread: to end a thread in which a module runs has ended all of Node with SIGSEGV
 * (seen once in hundreds, with Node 24.21), and a process can be ended whatever it does.
 *
 * @param heapMb of JavaScript's memory there. Default: Node's
 */
export function nodeProcess(heapMb?: number): SessionWorker {
  const child = fork(PROGRAM, {
    serialization: "advanced", // bytes as bytes
    execArgv: heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`],
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Error>((resolve) => {
    child
      .once("error", resolve)
      .once("close", (code, signal) => resolve(named(signal ?? `exit status ${code}`, stderr)));
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  void ended.then(() => process.off("exit", kill));
  const hold = (isHeld: boolean) => {
    // What has nothing to do keeps no program alive.
    for (const handle of [child, child.channel, child.stderr as unknown as NodeJS.RefCounted]) {
      if (isHeld) handle?.ref();
      else handle?.unref();
    }
  };
  hold(false);
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  child.on("message", (reply) => waiting?.resolve(reply as Reply));
  void ended.then((error) => waiting?.reject(error));
  return {
    async ask(order) {
      if (!child.connected) throw await ended;
      hold(true);
      const reply = new Promise<Reply>((resolve, reject) => (waiting = { resolve, reject }));
      child.send(order, () => {}); // one that cannot be sent any more is answered by the end
      return reply.finally(() => hold(false));
    },
    async terminate() {
      kill();
      hold(true);
      await ended;
    },
  };
}

/** V8 aborts where JavaScript's memory is full, and says so. */
function named(how: string, stderr: string): Error {
  const [code, message] = stderr.includes("heap out of memory")
    ? (["FW_MEMORY_LIMIT", "the module filled the memory of the host's process"] as const)
    : (["FW_HOST_ENDED", `the TypeScript host's process ended with ${how}`] as const);
  return new FilterwrightError(code, message, stderr === "" ? {} : { detail: stderr });
}
