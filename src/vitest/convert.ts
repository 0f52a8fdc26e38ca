import {
  decodeUtf8,
  encodeUtf8,
  type ProxyRequest,
  type ProxyResponse,
  type ReceivedRequest as ReceivedBytes,
  type ReceivedResponse as ResponseBytes,
} from "../host/index.ts";
import {
  type FilterRequest,
  type FilterResponse,
  received,
  type ReceivedRequest,
  type ReceivedResponse,
  toChunks,
  toPairs,
} from "./message.ts";

// Between the texts of tests and the bytes of the host.

export function toRequest(request: FilterRequest): ProxyRequest {
  const { method, path, authority, headers, body, trailers, source } = request;
  return {
    method,
    path: path === undefined ? undefined : encodeUtf8(path),
    authority: authority === undefined ? undefined : encodeUtf8(authority),
    headers: toPairs(headers),
    body: toChunks(body),
    trailers: toPairs(trailers),
    source,
  };
}

export function toResponse({ status, headers, body, trailers }: FilterResponse): ProxyResponse {
  return { status, headers: toPairs(headers), body: toChunks(body), trailers: toPairs(trailers) };
}

export function toReceivedRequest(message: ReceivedBytes | undefined): ReceivedRequest | undefined {
  if (!message) return undefined;
  const [host, ...headers] = message.headers;
  return {
    method: message.method,
    path: decodeUtf8(message.path),
    authority: decodeUtf8(host![1]),
    ...received({ ...message, headers }),
  };
}

export function toReceivedResponse(message: ResponseBytes | undefined): ReceivedResponse | undefined {
  return message && { status: message.status, ...received(message) };
}
