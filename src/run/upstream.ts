import { type ClientRequest, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { type HeaderLine, type ReceivedRequest, type Response } from "../echo/exchange.ts";
import { echo } from "../echo/server.ts";
import { readResponse } from "../echo/wire.ts";
import { FilterwrightError } from "../errors.ts";
import type { Journal } from "./journal.ts";

/** Answers requests that left the filter. Never rejects: what goes wrong is answered as Envoy answers it. */
export type Upstream = (request: ReceivedRequest) => Promise<Response>;

/** Envoy's default for a route. */
const TIMEOUT_MS = 15_000;

/** The echo upstream, without a server. */
export function echoUpstream(): Upstream {
  return async (request) => {
    const { status, headers, body } = echo(request);
    const length: HeaderLine = ["content-length", String(body.length)];
    return { status, headers: [...headers, length], body: request.method === "HEAD" ? "" : body };
  };
}

/** @param url as `http://HOST:PORT` @throws FilterwrightError FW_USAGE */
export function urlUpstream(url: string, journal: Journal): Upstream {
  const { protocol, hostname, port, host } = parseOrigin(url);
  const open = protocol === "https:" ? httpsRequest : httpRequest;
  return (request) =>
    new Promise((resolve) => {
      let isOver = false;
      const fail = (status: number, body: string, reason: string) => {
        if (isOver) return;
        isOver = true;
        journal.note(`${url} ${reason}`);
        const headers: HeaderLine[] = [
          ["content-length", String(body.length)],
          ["content-type", "text/plain"],
        ];
        resolve({ status, headers, body });
      };
      const unreachable = ({ code, message }: NodeJS.ErrnoException) =>
        fail(503, UNREACHABLE, `cannot be reached: ${code ?? message}`);
      let outgoing: ClientRequest;
      try {
        outgoing = open({
          host: hostname.replace(/^\[|\]$/g, ""),
          port,
          agent: false,
          method: request.method,
          path: request.path,
          setHost: false,
          headers: request.headers.flatMap((line) => forSite(line, host)),
          maxHeaderSize: 1 << 20,
        });
      } catch (error) {
        return unreachable(error as Error); // what HTTP/1.1 cannot carry, Node refuses to send
      }
      const timer = setTimeout(() => {
        fail(504, "upstream request timeout", `did not answer within ${TIMEOUT_MS / 1000} s`);
        outgoing.destroy();
      }, TIMEOUT_MS);
      outgoing.on("close", () => clearTimeout(timer));
      outgoing.on("error", unreachable);
      outgoing.on("response", (response) => readResponse(response).then(resolve, unreachable));
      outgoing.addTrailers(request.trailers);
      outgoing.end(Buffer.from(request.body, "latin1"));
    });
}

const UNREACHABLE =
  "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure";

/** A client that says `localhost` means the listener: the upstream would not know itself by that name. */
function forSite([name, value]: HeaderLine, host: string): HeaderLine {
  const isListener = name.toLowerCase() === "host" && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(value);
  return isListener ? [name, host] : [name, value];
}

function parseOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname + url.search + url.hash === "/") return url;
  throw new FilterwrightError("FW_USAGE", `expected an upstream such as http://127.0.0.1:8080, found ${text}`);
}
