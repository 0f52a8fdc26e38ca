import type { Bootstrap, Listener } from "../../src/envoy/bootstrap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";

const PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
const WITH_TRAILERS = { enable_trailers: true };

/**
 * envoy/envoy.yaml with trailers, which HTTP/1.1 in Envoy drops otherwise, a cluster for the plugin's own calls, and a
 * listener `direct` that has no filters.
 */
export function probeBootstrap(upstreamPort: number, callsPort: number): Bootstrap {
  const bootstrap = demoBootstrap(upstreamPort);
  for (const listener of bootstrap.static_resources.listeners)
    for (const { filters } of listener.filter_chains)
      for (const { typed_config: manager } of filters) Object.assign(manager, { http_protocol_options: WITH_TRAILERS });
  const [listener] = bootstrap.static_resources.listeners;
  bootstrap.static_resources.listeners.push(withoutFilter(listener!));
  bootstrap.static_resources.clusters = [cluster("upstream", upstreamPort), cluster("calls", callsPort)];
  return bootstrap;
}

function withoutFilter(listener: Listener): Listener {
  const copy = { ...structuredClone(listener), name: "direct" };
  const disabled = { "@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", disabled: true };
  const manager = copy.filter_chains[0]!.filters[0]!.typed_config as unknown as {
    route_config: { virtual_hosts: object[] };
  };
  Object.assign(manager.route_config.virtual_hosts[0]!, { typed_per_filter_config: { swappable: disabled } });
  return copy;
}

function cluster(name: string, port_value: number): object {
  const address = { socket_address: { address: "127.0.0.1", port_value } };
  return {
    name,
    type: "STATIC",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
    typed_extension_protocol_options: {
      [PROTOCOL_OPTIONS]: {
        "@type": `type.googleapis.com/${PROTOCOL_OPTIONS}`,
        explicit_http_config: { http_protocol_options: WITH_TRAILERS },
      },
    },
  };
}
