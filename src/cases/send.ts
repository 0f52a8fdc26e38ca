import { Agent, type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { type Response, toLines } from "../echo/exchange.ts";
import { FilterwrightError } from "../errors.ts";
import type { CaseRequest } from "./case-file.ts";

export interface Destination {
  host: string;
  port: number;
  /** Default: connections that are kept for the next request. */
  agent?: Agent;
}

const TIMEOUT_MS = 10_000;
const sharedAgent = new Agent({ keepAlive: true });

/**
 * Sends one HTTP/1.1 request, header lines as they are and in their order.
 *
 * @throws FilterwrightError FW_NO_ANSWER
 */
export function send({ host, port, agent }: Destination, request: CaseRequest): Promise<Response> {
  const hasLength = request.headers.some(([name]) => name.toLowerCase() === "content-length");
  const length = request.body === "" || hasLength ? [] : ["content-length", String(request.body.length)];
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new FilterwrightError(
          "FW_NO_ANSWER",
          `${request.method} http://${host}:${port}${request.path} got no answer: ${cause.message}`,
          { cause },
        ),
      );
    const outgoing = open({
      host,
      port,
      agent: agent ?? sharedAgent,
      timeout: TIMEOUT_MS,
      maxHeaderSize: 1 << 20,
      method: request.method,
      path: request.path,
      setHost: false,
      headers: ["host", request.authority, ...request.headers.flat(), ...length],
    });
    outgoing.on("error", fail);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`nothing within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: toLines(response.rawHeaders),
          body: Buffer.concat(chunks).toString("latin1"),
        }),
      );
    });
    outgoing.end(Buffer.from(request.body, "latin1"));
  });
}

function open(options: RequestOptions): ClientRequest {
  try {
    return httpRequest(options);
  } catch (cause) {
    // What HTTP/1.1 cannot carry, Node refuses to send.
    throw new FilterwrightError("FW_NO_ANSWER", `the request cannot be sent: ${(cause as Error).message}`, { cause });
  }
}
