// An upstream of HTTP and gRPC calls that answers in ways that no gRPC library lets one, by the method's name, and keeps what it was sent.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

const OK = { ":status": 200, "content-type": "application/grpc" };

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: whether it is compressed, its size, and it. */
function frame(message: string, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag);
  head.writeUInt32BE(Buffer.byteLength(message), 1);
  return Buffer.concat([head, Buffer.from(message)]);
}

function readFrames(stream: ServerHttp2Stream, receive: (message: string) => void): void {
  let rest = Buffer.alloc(0);
  stream.on("data", (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    for (let end; rest.length >= 5 && rest.length >= (end = 5 + rest.readUInt32BE(1)); rest = rest.subarray(end))
      receive(rest.subarray(5, end).toString());
  });
}

type Lines = Record<string, string>;

function answer(
  stream: ServerHttp2Stream,
  body: Buffer[],
  trailers: Lines = { "grpc-status": "0", "x-trailing": "end" },
  headers: object = {},
): void {
  stream.respond({ ...OK, "x-initial": "open", ...headers }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  for (const chunk of body) stream.write(chunk);
  stream.end();
}

const withStatus = (status: string, message?: string) => (stream: ServerHttp2Stream) =>
  answer(stream, [frame("answer")], { "grpc-status": status, ...(message && { "grpc-message": message }) });
const headersOnly = (headers: object) => (stream: ServerHttp2Stream) =>
  stream.respond({ ...OK, ...headers }, { endStream: true });
const http = (status: number, headers: object, body?: string) => (stream: ServerHttp2Stream) => {
  stream.respond({ ":status": status, ...headers }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
};

/** When something of the body has come, or its end: of what is answered earlier the body may not come. */
function whenAsked(stream: ServerHttp2Stream, answers: () => void): void {
  const first = () => {
    stream.off("data", first).off("end", first);
    answers();
  };
  stream.on("data", first).on("end", first);
}

/** It alone begins before anything has come. */
function answerEach(stream: ServerHttp2Stream): void {
  stream.respond({ ...OK, "x-initial": "open" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0", "x-trailing": "end" }));
  readFrames(stream, (message) => stream.write(frame(`${message}?`)));
  stream.on("end", () => stream.end());
}

export const METHODS: Record<string, (stream: ServerHttp2Stream) => void> = {
  answers: (stream) => answer(stream, [frame("answer")]),
  "answers in pieces": (stream) => {
    const bytes = frame("answer");
    answer(stream, [bytes.subarray(0, 3), bytes.subarray(3, 7), bytes.subarray(7)]);
  },
  "answers twice": (stream) => answer(stream, [Buffer.concat([frame("one"), frame("two")])]),
  "answers with nothing": (stream) => answer(stream, [frame("")]),
  "answers much": (stream) => answer(stream, [frame("a".repeat(3_000_000))]),
  "sends no message": (stream) => answer(stream, []),
  "sends half a message": (stream) => answer(stream, [frame("answer").subarray(0, 7)]),
  "sends a compressed message": (stream) => answer(stream, [frame("answer", 1)]),
  "sends a good message and a compressed one": (stream) => answer(stream, [frame("answer"), frame("other", 1)]),
  "sends a compressed message of no bytes": (stream) => answer(stream, [frame("", 1)]),
  "sends a good message and one of an unknown flag": (stream) => answer(stream, [frame("answer"), frame("", 2)]),
  "sends both in one piece": (stream) => answer(stream, [Buffer.concat([frame("answer"), frame("", 2)])]),
  "sends a compressed message and waits": (stream) => {
    stream.respond(OK);
    stream.write(frame("answer", 1));
  },
  "answers 503 and waits": (stream) => stream.respond({ ":status": 503 }),
  "sends a frame of an unknown flag": (stream) => answer(stream, [frame("answer", 2)]),
  "ends without trailers": (stream) => {
    stream.respond(OK);
    stream.end(frame("answer"));
  },
  "ends without anything": headersOnly({}),
  "has trailers without a status": (stream) => answer(stream, [frame("answer")], { "x-trailing": "end" }),
  "has a status in headers and none in trailers": (stream) =>
    answer(stream, [frame("answer")], { "x-trailing": "end" }, { "grpc-status": "9" }),
  "fails in trailers": withStatus("5", "nothing%20here"),
  "fails in trailers without a message": withStatus("7"),
  "has a status beyond gRPC's": withStatus("17"),
  "has a large status": withStatus("4294967296"),
  "has a negative status": withStatus("-1"),
  "has a status that is no number": withStatus("abc"),
  "has an empty status": withStatus(""),
  "fails in headers alone": headersOnly({ "grpc-status": "5", "grpc-message": "nothing", "x-initial": "only" }),
  "is well in headers alone": headersOnly({ "grpc-status": "0", "x-initial": "only" }),
  "has a status in headers and another in trailers": (stream) =>
    answer(stream, [frame("answer")], { "grpc-status": "3" }, { "grpc-status": "9" }),
  "answers 503": http(503, { "x-initial": "open" }, "not a message"),
  "answers 404 in headers alone": http(404, {}),
  "answers 401 with a status": http(401, { "grpc-status": "11", "grpc-message": "own" }),
  "answers 401 with a status and a body": http(401, { "grpc-status": "11" }, "a body"),
  "answers 204": http(204, {}),
  "resets after headers": (stream) => {
    stream.respond({ ...OK, "x-initial": "open" });
    setTimeout(() => stream.close(8), 20);
  },
  "resets after a message": (stream) => {
    stream.respond({ ...OK, "x-initial": "open" });
    stream.write(frame("answer"));
    setTimeout(() => stream.close(8), 20);
  },
  "cuts the connection": (stream) => {
    stream.respond({ ...OK, "x-initial": "open" });
    stream.write(frame("answer"));
    setTimeout(() => stream.session?.destroy(), 20);
  },
  "resets at once": (stream) => stream.close(7),
  "never answers": () => {},
  "answers each message": answerEach,
};

export interface Asked {
  headers: IncomingHttpHeaders;
  body: string;
  trailers?: IncomingHttpHeaders;
  /** HTTP/2's code, where the server had not ended it. */
  code?: number;
}

export interface CallServer {
  port: number;
  /** What it was sent since the last look, of streams of that run (`x-sent`) that are over. */
  take(run: string): Asked[];
  close(): void;
}

export async function startCallServer(): Promise<CallServer> {
  let asked: Asked[] = [];
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const one: Asked = { headers, body: "" };
    stream.on("error", () => {});
    stream.on("data", (data: Buffer) => (one.body += data.toString("latin1")));
    stream.on("trailers", (trailers) => (one.trailers = trailers));
    stream.on("close", () => asked.push(stream.writableEnded ? one : { ...one, code: stream.rstCode }));
    const method = METHODS[decodeURIComponent(headers[":path"]!.split("/").at(-1)!)];
    if (method === answerEach) method(stream);
    else if (method) whenAsked(stream, () => method(stream));
    else stream.respond({ ":status": 404 }, { endStream: true });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    take(run) {
      const taken = asked.filter(({ headers }) => String(headers["x-sent"]).endsWith(run));
      asked = asked.filter((one) => !taken.includes(one));
      return taken;
    },
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
