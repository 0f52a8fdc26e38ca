// Exchanges over HTTP/2 on both sides of an Envoy, which carry trailers.
import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Lines = Record<string, string | string[]>;

export interface Message {
  headers: Lines;
  trailers: Lines;
  body: string;
}

export interface Upstream {
  port: number;
  /** The request that came last, calls of filters apart; undefined before any. */
  received: Message | undefined;
  /** All that came. */
  all: Message[];
  /** What it answers. */
  answer: { headers: Lines; trailers?: Lines };
  close(): void;
}

/** Without the symbol that Node adds. */
const named = (lines: object): Lines => Object.fromEntries(Object.entries(lines as Lines));

/** An upstream that keeps what it got. It never answers `/slow`, nor a gRPC method by the name of `Never`, and `/call` it does not keep. */
export async function startUpstream(): Promise<Upstream> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    port,
    received: undefined,
    all: [],
    answer: { headers: {} },
    close: () => void server.close(),
  };
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {}); // Envoy resets what it waits for no longer
    const path = String(headers[":path"]);
    if (path === "/slow" || path.endsWith("/Never")) return;
    let trailers: Lines = {};
    stream.on("trailers", (lines) => (trailers = named(lines)));
    void respond();
    async function respond(): Promise<void> {
      const body = await text(stream);
      if (path !== "/call") upstream.all.push((upstream.received = { headers: named(headers), trailers, body }));
      const { answer } = upstream;
      stream.respond({ ":status": 200, ...answer.headers }, { waitForTrailers: answer.trailers !== undefined });
      stream.on("wantTrailers", () => stream.sendTrailers(answer.trailers!));
      stream.end("answer");
    }
  });
  return upstream;
}

/** One POST of `body` to `/p?q` of example.com. @returns null where the stream is reset */
export async function exchange(port: number, headers: Lines = {}, trailers?: Lines): Promise<Message | null> {
  const session = connect(`http://127.0.0.1:${port}`);
  try {
    const stream = session.request(
      { ":method": "POST", ":path": "/p?q", ":authority": "example.com", ...headers },
      { waitForTrailers: trailers !== undefined },
    );
    stream.on("wantTrailers", () => stream.sendTrailers(trailers!)).on("error", () => {});
    let last: Lines = {};
    stream.on("trailers", (lines) => (last = named(lines)));
    const responded = once(stream, "response") as Promise<[object]>;
    responded.catch(() => {});
    stream.end("body");
    const body = await text(stream).catch(() => null);
    return body === null ? null : { headers: named((await responded)[0]), trailers: last, body };
  } finally {
    session.destroy();
  }
}
