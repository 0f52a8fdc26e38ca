import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import type { Sent } from "./exchange.ts";
import { type WireMessage, WireReader, chunk, head, lastChunk } from "./wire.ts";

/** A request that came whole, and waits for its answer. */
export interface Waiting {
  message: WireMessage;
  socket: Socket;
}

/** An HTTP/1.1 upstream that answers when it is told to. */
export class Upstream {
  received: Waiting[] = [];
  private readonly server: Server;
  private readonly sockets = new Map<Socket, WireReader>();

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<Upstream> {
    const server = createServer();
    const upstream = new Upstream(server);
    server.on("connection", (socket) => upstream.serve(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return upstream;
  }

  get isConnected(): boolean {
    return this.sockets.size > 0;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Forgets what came, also what came behind the end of a message by its `content-length`. */
  clear(): void {
    this.received = [];
    for (const reader of this.sockets.values()) reader.clear();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets.keys()) socket.destroy();
  }

  private serve(socket: Socket): void {
    const reader = new WireReader();
    this.sockets.set(socket, reader);
    socket.setEncoding("latin1");
    socket.setNoDelay();
    socket.on("error", () => {});
    socket.on("end", () => this.sockets.delete(socket));
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (text) => {
      reader.add(String(text));
      for (let message = reader.read(); message?.isComplete; message = reader.read())
        this.received.push({ message, socket });
    });
  }
}

/**
 * What a message is on the wire, in writes that must arrive one after the other.
 *
 * @param isBodiless nothing may come behind the head
 */
export function writesOf(start: string, { headers, chunks, trailers }: Sent, isBodiless: boolean): string[] {
  const first = head(start, headers);
  if (isBodiless) return [first];
  const isChunked = headers.some(([name, value]) => name.toLowerCase() === "transfer-encoding" && value === "chunked");
  const writes = isChunked ? chunks.map(chunk) : [...chunks];
  writes[0] = first + (writes[0] ?? "");
  if (isChunked) writes[writes.length - 1] += lastChunk(trailers);
  return writes;
}
