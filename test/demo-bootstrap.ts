import { join } from "node:path";
import { type Bootstrap, readBootstrap, withPorts } from "../src/envoy/bootstrap.ts";
import { projectRoot } from "./guest-module.ts";

/** envoy/envoy.yaml on free ports. @param upstreamPort where its upstream listens; the default is a port where nobody does */
export function demoBootstrap(upstreamPort = 9): Bootstrap {
  const bootstrap = readBootstrap(join(projectRoot, "envoy/envoy.yaml"));
  return withPorts(bootstrap, { 9901: 0, 10000: 0, 10080: upstreamPort });
}

/** The same with the upstream, or one more cluster, spoken to in HTTP/2. @param options of `envoy.config.core.v3.Http2ProtocolOptions` */
export function withHttp2Cluster(bootstrap: Bootstrap, name: string, port: number, options: object = {}): Bootstrap {
  const clusters = bootstrap.static_resources.clusters as { name: string }[];
  return {
    ...bootstrap,
    static_resources: {
      ...bootstrap.static_resources,
      clusters: [...clusters.filter((cluster) => cluster.name !== name), http2Cluster(name, port, options)],
    },
  };
}

function http2Cluster(name: string, port_value: number, http2_protocol_options: object): object {
  const address = { socket_address: { address: "127.0.0.1", port_value } };
  return {
    name,
    type: "STATIC",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config: { http2_protocol_options },
      },
    },
  };
}

const NETWORK = "type.googleapis.com/envoy.extensions.filters.network";

/** The same as a TCP proxy behind a network filter of a module. @param wasm as `wasmConfig` makes it */
export function withTcpFilter(bootstrap: Bootstrap, wasm: object): Bootstrap {
  const copy = structuredClone(bootstrap);
  const proxy = { "@type": `${NETWORK}.tcp_proxy.v3.TcpProxy`, stat_prefix: "tcp", cluster: "upstream" };
  const filters = [
    { name: "wasm", typed_config: { ...wasm, "@type": `${NETWORK}.wasm.v3.Wasm` } },
    { name: "tcp", typed_config: proxy },
  ];
  copy.static_resources.listeners[0]!.filter_chains = [{ filters }] as never;
  return copy;
}
