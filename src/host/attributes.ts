// What `proxy_get_property` finds on a stream by itself, as Envoy 1.40 has it, phase by phase:
// https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes
import { FilterwrightError } from "../errors.ts";
import type { ByteString } from "./bytes.ts";
import type { HeaderMap } from "./header-map.ts";
import { grpcStatusOf } from "./local-reply.ts";
import { encodePairs } from "./pairs.ts";
import { type Attribute, Group } from "./property.ts";

/** An end of a connection. */
export interface Address {
  /** IPv4 or IPv6. */
  address: string;
  port: number;
}

/** Where the ends of a stream are; undefined for those that nobody knows. */
export interface Addresses {
  /** The client. */
  source?: Address | undefined;
  /** The listener. */
  destination?: Address | undefined;
  upstream?: Address | undefined;
}

/** Of Envoy's `CoreResponseFlag`, as `response.flags` has it: the client has gone away. */
export const DOWNSTREAM_CONNECTION_TERMINATION = 0x4000;

/** What a stream knows of itself. */
export interface StreamInfo {
  addresses: Addresses;
  /** Nanoseconds since 1970. */
  start: bigint;
  now: bigint;
  received: number;
  sent: number;
  /** Of the response; undefined before it has one. */
  code: number | undefined;
  details: ByteString | undefined;
  flags: number;
  /** The request has gone to an upstream. */
  isUpstream: boolean;
  /** The upstream has answered to the end. */
  isAnswered: boolean;
  isOver: boolean;
}

/** The headers that a moment has; none outside of their callbacks. */
export interface HeadersInView {
  request: HeaderMap | undefined;
  response: HeaderMap | undefined;
  trailers: HeaderMap | undefined;
}

/** Attributes that this host knows nothing of: one that is given is given whole. */
const UNKNOWN = new Set(["connection_id", "metadata", "filter_state", "upstream_filter_state"]);

export function isUnknown(name: ByteString): boolean {
  return UNKNOWN.has(name);
}

/** @returns undefined where Envoy has no attribute of that name */
export function streamAttribute(name: ByteString, info: StreamInfo, view: HeadersInView): Attribute | undefined {
  switch (name) {
    case "request":
      return requestAttributes(info, view.request);
    case "response":
      return responseAttributes(info, view);
    case "connection":
      return new Group({
        id: unknown("connection.id"),
        mtls: () => false,
        requested_server_name: () => "",
      });
    case "source":
    case "destination":
      return new Group(addressFields(name, info.addresses[name]));
    case "upstream":
      return upstreamAttributes(info);
    case "xds":
      return new Group((part) => (XDS.has(part) ? unknown(`xds.${part}`)() : undefined));
    default:
      return isUnknown(name) ? unknown(name)() : undefined;
  }
}

/** @returns what a plugin, outside of streams, has of it */
export function pluginAttribute(name: ByteString): Attribute | undefined {
  return name === "xds" ? new Group((part) => (part === "node" ? unknown("xds.node")() : undefined)) : undefined;
}

const XDS = new Set(
  `node cluster_name cluster_metadata listener_direction listener_metadata route_name route_metadata virtual_host_name
  virtual_host_metadata upstream_host_metadata upstream_host_locality_metadata filter_chain_name`.split(/\s+/),
);

function requestAttributes(info: StreamInfo, headers: HeaderMap | undefined): Group {
  const of = (name: string) => () => headers?.get(name);
  const path = headers?.get(":path");
  const query = path?.indexOf("?") ?? -1;
  const length = headers?.get("content-length");
  return new Group({
    path: of(":path"),
    url_path: () => (query < 0 ? path : path?.slice(0, query)),
    query: () => (query < 0 ? path && "" : path?.slice(query + 1)),
    host: of(":authority"),
    scheme: of(":scheme"),
    method: of(":method"),
    referer: of("referer"),
    useragent: of("user-agent"),
    id: of("x-request-id"),
    protocol: () => "HTTP/1.1",
    time: () => info.start,
    duration: () => (info.isOver ? info.now - info.start : undefined),
    headers: () => headerGroup(headers),
    headers_bytes: () => BigInt(headers?.byteSize ?? 0),
    size: () => (length !== undefined && /^\d+$/.test(length) ? BigInt(length) : BigInt(info.received)),
    total_size: () => BigInt(info.received + (headers?.byteSize ?? 0)),
  });
}

function responseAttributes(info: StreamInfo, { response, trailers }: HeadersInView): Group {
  const bytes = (map: HeaderMap | undefined) => map?.byteSize ?? 0;
  const grpcStatus = trailers?.get("grpc-status") ?? response?.get("grpc-status");
  return new Group({
    code: () => info.code && BigInt(info.code),
    code_details: () => info.details,
    flags: () => BigInt(info.flags),
    grpc_status: () => {
      if (grpcStatus !== undefined) return /^\d+$/.test(grpcStatus) ? BigInt(grpcStatus) : -1n;
      return info.code === undefined ? undefined : BigInt(grpcStatusOf(info.code));
    },
    headers: () => headerGroup(response),
    headers_bytes: () => BigInt(bytes(response)),
    trailers: () => headerGroup(trailers),
    size: () => BigInt(info.sent),
    total_size: () => BigInt(info.sent + bytes(response) + bytes(trailers)),
    backend_latency: () => (info.isAnswered ? 0n : undefined),
  });
}

/** As Envoy writes it: an IPv6 address in brackets. */
function addressFields(name: string, known: Address | undefined): Record<"address" | "port", () => Attribute> {
  if (!known) return { address: unknown(`${name}.address`), port: unknown(`${name}.port`) };
  const { address, port } = known;
  return {
    address: () => `${address.includes(":") ? `[${address}]` : address}:${port}`,
    port: () => BigInt(port),
  };
}

function upstreamAttributes({ isUpstream, addresses }: StreamInfo): Group {
  const { address, port } = addressFields("upstream", addresses.upstream);
  const chosen = (value: () => Attribute) => () => (isUpstream ? value() : undefined);
  return new Group({
    address: chosen(address),
    port: chosen(port),
    local_address: chosen(unknown("upstream.local_address")),
    cx_pool_ready_duration: chosen(unknown("upstream.cx_pool_ready_duration")),
    transport_failure_reason: chosen(() => ""),
    locality: chosen(() => ""),
    num_endpoints: unknown("upstream.num_endpoints"),
    request_attempt_count: () => (isUpstream ? 1n : 0n),
  });
}

/** By name, whatever its case, all values; as a whole, each name once. */
function headerGroup(headers: HeaderMap | undefined): Group {
  const joined = (name: string): ByteString | undefined => {
    const values = headers?.getAll(name) ?? [];
    return values.length === 0 ? undefined : values.join(",");
  };
  const names = new Set(headers?.pairs().map(([name]) => name));
  return new Group(joined, () => encodePairs([...names].map((name) => [name, joined(name)!])));
}

/** What Envoy has and this host cannot know, unless it is told. */
function unknown(name: string): () => never {
  return () => {
    throw new FilterwrightError("FW_HOST_CALL", `the attribute ${name} is read, which this host does not know`, {
      hint: `Give it: the option \`attributes\` of the plugin or the stream, such as {"${name.split(".")[0]}": ...}.`,
    });
  };
}
