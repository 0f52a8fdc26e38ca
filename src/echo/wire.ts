import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type ReceivedRequest, type Response, toLines } from "./exchange.ts";

// HTTP/1.1 by `node:http`, every line of a message as it is.

/** A request, whole. */
export async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  return { method: request.method ?? "", path: request.url ?? "", ...(await readMessage(request)) };
}

/** A response, whole. */
export async function readResponse(response: IncomingMessage): Promise<Response> {
  return { status: response.statusCode ?? 0, ...(await readMessage(response)) };
}

async function readMessage(message: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    headers: toLines(message.rawHeaders),
    body: Buffer.concat(chunks).toString("latin1"),
    trailers: toLines(message.rawTrailers),
  };
}

/** Header lines as they are and in their order; a body whose length they do not tell gets one. */
export function sendResponse(
  response: ServerResponse,
  method: string,
  { status, headers, body, trailers = [] }: Response,
): void {
  const bytes = Buffer.from(body, "latin1");
  const hasLength = headers.some(([name]) => ["content-length", "transfer-encoding"].includes(name.toLowerCase()));
  const mayHaveBody = status >= 200 && status !== 204 && status !== 304;
  // A body with trailers goes in chunks.
  const isLengthSent = !hasLength && mayHaveBody && trailers.length === 0;
  const length: Response["headers"] = isLengthSent ? [["content-length", String(bytes.length)]] : [];
  response.sendDate = false;
  response.writeHead(status, [...headers, ...length].flat());
  response.addTrailers(trailers);
  response.end(mayHaveBody && method !== "HEAD" ? bytes : undefined);
}

/** @throws the `listen` error of node:net, such as EADDRINUSE */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
