import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import { HeaderMap } from "./header-map.ts";

/** Envoy's `Utility::prepareLocalReply`. @param request what the client sent */
export function localReplyHeaders(
  { status, body, headers, grpcStatus }: LocalReply,
  request: { isGrpc: boolean; isHead: boolean },
): HeaderMap {
  const map = new HeaderMap("response headers", [[":status", String(status)]]);
  for (const [name, value] of headers) map.add(name, value);
  map.set(":status", String(status));
  if (request.isGrpc) {
    map.set(":status", "200");
    map.set("content-type", "application/grpc");
    if (!map.get("grpc-status")) map.set("grpc-status", String(grpcStatus ?? grpcStatusOf(status)));
    if (body !== "" && !request.isHead && !map.get("grpc-message")) map.set("grpc-message", percentEncode(body));
    map.remove("content-length");
  } else if (body === "") {
    map.remove("content-length");
    map.remove("content-type");
  } else {
    map.set("content-length", String(body.length));
    if (map.get("content-type") === undefined) map.set("content-type", "text/plain");
  }
  return map;
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
export function grpcStatusOf(status: number): number {
  const statuses: Record<number, number> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };
  return statuses[status] ?? 2;
}

/** As gRPC has its messages. */
function percentEncode(text: ByteString): ByteString {
  return text.replace(
    /[^\x20-\x24\x26-\x7e]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** More is held than a filter may hold. */
export function tooLarge(status: number, details: string, body: string): LocalReply {
  return { status, details, body, headers: [], grpcStatus: undefined };
}
