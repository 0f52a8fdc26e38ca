import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReceivedRequest, Response } from "../echo/exchange.ts";
import { close, listen, readRequest, sendResponse } from "../echo/wire.ts";

export interface Server {
  port: number;
  close(): Promise<void>;
}

/** @param gone when the client goes away before it has its answer @returns nothing where the connection is to be cut */
type Handler = (
  request: ReceivedRequest,
  socket: IncomingMessage["socket"],
  gone: AbortSignal,
) => Promise<Response | undefined>;

/**
 * Serves on 127.0.0.1.
 *
 * @param port 0 for any
 * @throws the `listen` error of node:net
 */
export async function serve(port: number, handler: Handler): Promise<Server> {
  const server = createServer({ maxHeaderSize: 1 << 20, requireHostHeader: false }, (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    const { socket } = incoming;
    const answer = async () => {
      const request = await readRequest(incoming);
      const response = await handler(request, socket, gone.signal);
      if (response) sendResponse(outgoing, request.method, response);
      else socket.destroy();
    };
    answer().catch(() => socket.destroy());
  });
  server.keepAliveTimeout = 0;
  await listen(server, "127.0.0.1", port);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}
