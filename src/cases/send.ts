import { Agent, type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { connect, type Socket } from "node:net";
import { type Response, toLines } from "../echo/exchange.ts";
import { FilterwrightError } from "../errors.ts";
import type { CaseRequest, SourceAddress } from "./case-file.ts";
import { framingOf } from "./framing.ts";

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
  const framing = framingOf(request);
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
      // A client says where it sits at the beginning of its connection, so it has one of its own.
      ...(request.source
        ? { createConnection: () => connectFrom(request.source!, host, port) }
        : { agent: agent ?? sharedAgent }),
      maxHeaderSize: 1 << 20,
      method: request.method,
      path: request.path,
      setHost: false,
      headers: ["host", request.authority, ...request.headers.flat(), ...framing.flat()],
    });
    outgoing.on("error", fail);
    // Of the whole exchange: a peer that sends a byte now and then would never be idle.
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`not answered within ${TIMEOUT_MS / 1000} s`)),
      TIMEOUT_MS,
    );
    outgoing.on("close", () => clearTimeout(timer));
    for (const event of ["connect", "upgrade"] as const) {
      outgoing.on(event, () => outgoing.destroy(new Error("the connection became another protocol's")));
    }
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: toLines(response.rawHeaders),
          body: Buffer.concat(chunks).toString("latin1"),
          trailers: toLines(response.rawTrailers),
        }),
      );
    });
    if (request.trailers) outgoing.addTrailers(request.trailers);
    outgoing.end(Buffer.from(request.body, "latin1"));
  });
}

/** @see https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt, version 1 */
function connectFrom({ address, port: sourcePort }: SourceAddress, host: string, port: number): Socket {
  const [family, server] = address.includes(":") ? ["TCP6", "::1"] : ["TCP4", "127.0.0.1"];
  const socket = connect(port, host);
  socket.write(`PROXY ${family} ${address} ${server} ${sourcePort} ${port}\r\n`);
  return socket;
}

function open(options: RequestOptions): ClientRequest {
  try {
    return httpRequest(options);
  } catch (cause) {
    // What HTTP/1.1 cannot carry, Node refuses to send.
    throw new FilterwrightError("FW_NO_ANSWER", `the request cannot be sent: ${(cause as Error).message}`, { cause });
  }
}
