import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, asciiJson, decodeForDisplay, type ReceivedRequest, type Response } from "./exchange.ts";
import { close, listen, readRequest, sendResponse } from "./wire.ts";

// This folder needs nothing but Node, so that a bare Node image can run it in the compose demo.

/** An upstream that answers what it is told to, or else with what it received. */
export interface Echo {
  /** Where it serves. */
  port: number;
  /** Where it is told what to answer and asked what it received: see `EchoControl`. */
  controlPort: number;
  close(): Promise<void>;
}

export interface EchoOptions {
  host?: string;
  /** 0, the default, for any. */
  port?: number;
  controlPort?: number;
}

const MAX_HEADER_SIZE = 1 << 20;

/** @throws the `listen` error of node:net, such as EADDRINUSE */
export async function startEcho(options: EchoOptions = {}): Promise<Echo> {
  const host = options.host ?? "127.0.0.1";
  const state: State = { answer: undefined, received: [] };
  const upstream = createServer({ maxHeaderSize: MAX_HEADER_SIZE, requireHostHeader: false }, handle(state, serve));
  const control = createServer(handle(state, serveControl));
  // An idle connection that is closed under Envoy's hands would give a 503 in the midst of a test.
  upstream.keepAliveTimeout = 0;
  try {
    await listen(upstream, host, options.port ?? 0);
    await listen(control, host, options.controlPort ?? 0);
  } catch (error) {
    upstream.close();
    throw error;
  }
  return {
    port: (upstream.address() as AddressInfo).port,
    controlPort: (control.address() as AddressInfo).port,
    close: async () => void (await Promise.all([upstream, control].map(close))),
  };
}

interface State {
  answer: Answer | undefined;
  /** Requests since the last answer was set; without one, nothing is kept. */
  received: ReceivedRequest[];
}

type Handler = (state: State, request: ReceivedRequest) => Response;

function handle(state: State, handler: Handler): RequestListener {
  return (request, response) => {
    readRequest(request)
      .then((received) => sendResponse(response, received.method, handler(state, received)))
      .catch(() => response.destroy());
  };
}

function serve(state: State, request: ReceivedRequest): Response {
  if (!state.answer) return echo(request);
  const call = state.answer.calls?.find(({ path }) => path === request.path);
  if (call) return call;
  state.received.push(request);
  return state.answer;
}

/** The request in JSON, for a person or a script to look at. */
export function echo(request: ReceivedRequest): Response {
  const readable = {
    ...request,
    headers: request.headers.map((line) => line.map(decodeForDisplay)),
    body: decodeForDisplay(request.body),
    ...(request.trailers.length > 0 && { trailers: request.trailers.map((line) => line.map(decodeForDisplay)) }),
  };
  const body = Buffer.from(`${JSON.stringify(readable)}\n`).toString("latin1");
  return {
    status: 200,
    headers: [
      ["content-type", "application/json"],
      ["x-powered-by", "echo"],
    ],
    body,
  };
}

/** `PUT /answer` takes an Answer, forgets what was received; `DELETE /answer` goes back to the echo; `GET /received`. */
function serveControl(state: State, { method, path, body }: ReceivedRequest): Response {
  if (method === "PUT" && path === "/answer") {
    state.answer = JSON.parse(body) as Answer;
    state.received = [];
  } else if (method === "DELETE" && path === "/answer") {
    state.answer = undefined;
    state.received = [];
  } else if (method !== "GET" || path !== "/received") {
    return plain(404, "expected PUT /answer, DELETE /answer or GET /received\n");
  }
  return { ...plain(200, asciiJson(state.received)), headers: [["content-type", "application/json"]] };
}

function plain(status: number, body: string): Response {
  return { status, headers: [], body };
}
