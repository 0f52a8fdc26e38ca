import { connect } from "node:net";
import { FilterwrightError } from "../errors.ts";
import type { BenchRequest } from "./request.ts";

const CONNECTIONS = 32;
/** An answer of the bench's configuration, whose length never changes, ends so. */
const END = "\r\n\r\nok";

/**
 * Sends so many GET requests over a few dozen connections, each as soon as the one before is answered.
 *
 * @throws FilterwrightError FW_NO_ANSWER where an answer is missing, or is no 200
 */
export async function sendMany(port: number, count: number, { path, authority, headers }: BenchRequest): Promise<void> {
  const lines = [["host", authority], ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines}\r\n`);
  const share = Math.ceil(count / CONNECTIONS);
  const shares = Array.from({ length: CONNECTIONS }, (_, i) => Math.min(share, count - i * share));
  await Promise.all(shares.filter((requests) => requests > 0).map((requests) => sendOnOne(port, requests, request)));
}

function sendOnOne(port: number, count: number, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").setNoDelay().setEncoding("latin1");
    let answered = 0;
    let answer = "";
    const fail = (what: string) => {
      socket.destroy();
      reject(new FilterwrightError("FW_NO_ANSWER", `of ${count} requests, ${answered} were answered: ${what}`));
    };
    socket.on("connect", () => socket.write(request));
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("the connection was closed"));
    socket.on("data", (data: string) => {
      answer += data;
      if (!answer.endsWith(END)) return;
      if (!answer.startsWith("HTTP/1.1 200 ")) return fail(answer.slice(0, answer.indexOf("\r\n")));
      answer = "";
      answered++;
      if (answered < count) return void socket.write(request);
      resolve();
      socket.destroy();
    });
  });
}
