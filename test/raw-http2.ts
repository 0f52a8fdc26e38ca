// As much of HTTP/2 (RFC 9113) as it takes to send and get METADATA frames, which no library does. They are Envoy's
// extension: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/metadata
import { type Socket, connect } from "node:net";

const DATA = 0x0;
const HEADERS = 0x1;
const SETTINGS = 0x4;
const PING = 0x6;
export const METADATA = 0x4d;
const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/** SETTINGS_ENABLE_METADATA = 1 */
const ALLOWS_METADATA = Buffer.from([0x4d, 0x44, 0, 0, 0, 1]);

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK (RFC 7541 §6.2.2): literals that are neither indexed nor coded. */
function hpack(lines: Record<string, string>): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  return Buffer.concat(
    Object.entries(lines).flatMap(([name, value]) => [Buffer.from([0x00]), text(name), text(value)]),
  );
}

/** Calls back with each frame, and acknowledges what wants it. */
function onFrames(socket: Socket, callback: (type: number, flags: number, stream: number) => void): void {
  let pending = Buffer.alloc(0);
  socket
    .on("error", () => {})
    .on("data", (data) => {
      pending = Buffer.concat([pending, data as Buffer]);
      if (pending.toString("latin1").startsWith(PREFACE)) pending = pending.subarray(PREFACE.length);
      while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
        const size = 9 + pending.readUIntBE(0, 3);
        const [type = 0, flags = 0] = pending.subarray(3, 5);
        const payload = Buffer.from(pending.subarray(9, size));
        const stream = pending.readUInt32BE(5);
        pending = pending.subarray(size);
        if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
        if (type === PING && !(flags & ACK)) socket.write(frame(PING, ACK, 0, payload));
        callback(type, flags, stream);
      }
    });
}

/** Sends one request with a METADATA frame behind its headers. @returns the types of the frames of the answer, when it is complete */
export function requestWithMetadata(port: number, lines: Record<string, string>): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1").on("close", () => reject(new Error("the connection was closed")));
    const types: number[] = [];
    onFrames(socket, (type, flags, stream) => {
      if (stream !== 1) return;
      types.push(type);
      if ((type === DATA || type === HEADERS) && flags & END_STREAM) {
        resolve(types);
        socket.destroy();
      }
    });
    const headers = { ":method": "POST", ":scheme": "http", ":path": "/", ":authority": "example.com" };
    socket.write(PREFACE);
    socket.write(frame(SETTINGS, 0, 0, ALLOWS_METADATA));
    socket.write(frame(HEADERS, END_HEADERS, 1, hpack(headers)));
    socket.write(frame(METADATA, END_HEADERS, 1, hpack(lines)));
    socket.write(frame(DATA, END_STREAM, 1, Buffer.from("body")));
  });
}

/** Answers every request on a connection with headers, a METADATA frame and a body. To be given to `net.createServer`. */
export function answerWithMetadata(lines: Record<string, string>): (socket: Socket) => void {
  return (socket) => {
    socket.write(frame(SETTINGS, 0, 0, ALLOWS_METADATA));
    onFrames(socket, (type, flags, stream) => {
      if ((type !== DATA && type !== HEADERS) || !(flags & END_STREAM)) return;
      socket.write(frame(HEADERS, END_HEADERS, stream, hpack({ ":status": "200" })));
      socket.write(frame(METADATA, END_HEADERS, stream, hpack(lines)));
      socket.write(frame(DATA, END_STREAM, stream, Buffer.from("answer")));
    });
  };
}
