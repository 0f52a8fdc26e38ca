import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { FilterwrightError } from "../errors.ts";

/** An Envoy bootstrap (`envoy.config.bootstrap.v3.Bootstrap`) as JSON. Only what we touch is spelled out. */
export interface Bootstrap {
  admin: { address: SocketAddress };
  static_resources: { listeners: Listener[]; clusters?: object[] };
  [field: string]: unknown;
}

export interface SocketAddress {
  socket_address: { address: string; port_value: number };
}

export interface Listener {
  name: string;
  address: SocketAddress;
  filter_chains: { filters: { typed_config: HttpConnectionManager }[] }[];
  listener_filters?: { name: string; typed_config: object }[];
}

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager` */
export interface HttpConnectionManager {
  http_filters: HttpFilter[];
  [field: string]: unknown;
}

/** `envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter` */
export interface HttpFilter {
  name: string;
  typed_config?: object;
  [field: string]: unknown;
}

/**
 * Reads an Envoy configuration as Envoy does: YAML 1.1, in which `on` and `n` are booleans.
 *
 * @throws FilterwrightError FW_CONFIG_FILE with file, line and column
 */
export function readBootstrap(file: string): Bootstrap {
  const bootstrap = readYaml(file) as Bootstrap | null;
  const problem = whatIsMissing(bootstrap);
  if (problem) throw new FilterwrightError("FW_CONFIG_FILE", `${file}: expected an Envoy bootstrap with ${problem}`);
  return bootstrap!;
}

/** The parts that we rely on: sockets to listen on, and filter chains. */
function whatIsMissing(bootstrap: Bootstrap | null): string | undefined {
  const hasPort = (at: { address?: Partial<SocketAddress> } | undefined) =>
    typeof at?.address?.socket_address?.port_value === "number";
  if (!hasPort(bootstrap?.admin)) return "admin.address.socket_address.port_value";
  const listeners = bootstrap?.static_resources?.listeners;
  if (!Array.isArray(listeners) || listeners.length === 0) return "static_resources.listeners";
  if (!listeners.every(hasPort)) return "address.socket_address.port_value in every listener";
  const hasFilters = ({ filter_chains: chains }: Listener) =>
    Array.isArray(chains) && chains.every(({ filters }) => Array.isArray(filters));
  return listeners.every(hasFilters) ? undefined : "filter_chains with filters in every listener";
}

/** @throws FilterwrightError FW_CONFIG_FILE with file, line and column */
export function readYaml(file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(readConfigFile(file), { version: "1.1", lineCounter });
  const mistake = document.errors[0];
  if (!mistake) return document.toJS();
  const { line, col } = lineCounter.linePos(mistake.pos[0]);
  const detail = mistake.message;
  throw new FilterwrightError("FW_CONFIG_FILE", `${file}:${line}:${col} is not YAML`, { detail, cause: mistake });
}

export function readConfigFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new FilterwrightError("FW_CONFIG_FILE", `cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** The same configuration with other ports and nothing else changed. @param ports maps a port of the configuration to another; 0 lets the kernel choose */
export function withPorts(bootstrap: Bootstrap, ports: Record<number, number>): Bootstrap {
  return JSON.parse(JSON.stringify(bootstrap), (key, value: unknown) =>
    key === "port_value" && typeof value === "number" ? (ports[value] ?? value) : value,
  ) as Bootstrap;
}

/** The ports that an Envoy with this configuration listens on: admin first. */
export function listeningAddresses(bootstrap: Bootstrap): SocketAddress["socket_address"][] {
  return [bootstrap.admin, ...bootstrap.static_resources.listeners].map(({ address }) => address.socket_address);
}

/** The same configuration with the filters before the router replaced. */
export function withFilters(bootstrap: Bootstrap, filters: HttpFilter[]): Bootstrap {
  return withManagers(bootstrap, (manager) => {
    manager.http_filters = [...filters, ...manager.http_filters.slice(-1)];
  });
}

/** The same configuration with each filter as it is changed. */
export function withEachFilter(bootstrap: Bootstrap, change: (filter: HttpFilter) => HttpFilter): Bootstrap {
  return withManagers(bootstrap, (manager) => {
    manager.http_filters = manager.http_filters.map(change);
  });
}

/** The same configuration, letting trailers of HTTP/1.1 pass both ways, which Envoy drops unless it is told otherwise. */
export function withTrailers(bootstrap: Bootstrap): Bootstrap {
  const options = { enable_trailers: true };
  const copy = withManagers(bootstrap, (manager) => {
    manager["http_protocol_options"] = options;
  });
  const type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  for (const cluster of copy.static_resources.clusters ?? []) {
    Object.assign(cluster, {
      typed_extension_protocol_options: {
        [type]: {
          "@type": `type.googleapis.com/${type}`,
          explicit_http_config: { http_protocol_options: options },
        },
      },
    });
  }
  return copy;
}

/** The same configuration, whose clients may say by the PROXY protocol where they sit. */
export function withProxyProtocol(bootstrap: Bootstrap): Bootstrap {
  const copy = structuredClone(bootstrap);
  const name = "envoy.filters.listener.proxy_protocol";
  const type = "type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol";
  for (const listener of copy.static_resources.listeners) {
    listener.listener_filters = [
      { name, typed_config: { "@type": type, allow_requests_without_proxy_protocol: true } },
    ];
  }
  return copy;
}

function withManagers(bootstrap: Bootstrap, change: (manager: HttpConnectionManager) => void): Bootstrap {
  const copy = structuredClone(bootstrap);
  for (const listener of copy.static_resources.listeners) {
    for (const chain of listener.filter_chains) {
      for (const { typed_config: manager } of chain.filters) if (manager?.http_filters) change(manager);
    }
  }
  return copy;
}
