import { connect } from "node:net";
import { FilterwrightError } from "../errors.ts";

export const CONNECTIONS = 32;
/** One request in so many tells the module to trap. */
const TRAP_EVERY = 997;

/** What became of requests to `bench/guest/soak-answer.ts`. */
export interface Tally {
  right: number;
  /** 503, where a module has trapped. */
  failed: number;
  traps: number;
  /** The first answers that are neither. */
  wrong: string[];
}

/**
 * Sends so many requests over a few dozen connections, each with a question of its own, each as soon as the one before is answered.
 *
 * @param versions the configurations that may answer: from the first to the last that is in force between a question and its answer
 * @throws FilterwrightError FW_NO_ANSWER where a connection breaks off
 */
export async function askMany(
  port: number,
  count: number,
  versions: { first(): number; last(): number },
): Promise<Tally> {
  const tally: Tally = { right: 0, failed: 0, traps: 0, wrong: [] };
  let next = 0;

  const onOne = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1").setNoDelay().setEncoding("latin1");
      let text = "";
      let asked = 0;
      let traps = false;
      let first = 0;
      const ask = () => {
        if (next >= count) {
          resolve();
          return void socket.destroy();
        }
        asked = next++;
        traps = asked % TRAP_EVERY === TRAP_EVERY - 1;
        if (traps) tally.traps++;
        first = versions.first();
        socket.write(`GET / HTTP/1.1\r\nhost: a\r\nx-asked: ${asked}\r\n${traps ? "x-trap: 1\r\n" : ""}\r\n`);
      };
      const fail = (what: string) =>
        reject(new FilterwrightError("FW_NO_ANSWER", `after ${next} of ${count} requests: ${what}`));
      socket.on("connect", ask);
      socket.on("error", (error) => fail(error.message));
      socket.on("close", () => fail("the connection was closed"));
      socket.on("data", (data: string) => {
        text += data;
        const end = text.indexOf("\r\n\r\n");
        const size = /^content-length: (\d+)/m.exec(text)?.[1];
        if (end < 0 || text.length < end + 4 + Number(size ?? 0)) return;
        const [, version, question] = /^x-answered: (\d+)\/(\d+)\r$/m.exec(text) ?? [];
        const isInForce = Number(version) >= first && Number(version) <= versions.last();
        const isAnswer = text.startsWith("HTTP/1.1 200 ") && Number(question) === asked && isInForce;
        if (isAnswer && !traps) tally.right++;
        else if (text.startsWith("HTTP/1.1 503 ") && version === undefined) tally.failed++;
        else if (tally.wrong.length < 5) tally.wrong.push(`${asked} (${first} to ${versions.last()}): ${text}`);
        text = "";
        ask();
      });
    });

  await Promise.all(Array.from({ length: CONNECTIONS }, onOne));
  return tally;
}
