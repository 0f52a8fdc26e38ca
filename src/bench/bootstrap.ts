import {
  type Bootstrap,
  type HttpConnectionManager,
  type HttpFilter,
  readBootstrap,
  withFilters,
  withPorts,
} from "../envoy/bootstrap.ts";
import { packageFile } from "../package-files.ts";

/**
 * What is measured: our demo's configuration, with the given filters, a route that Envoy answers itself, so that no
 * upstream counts, and no access log.
 */
export function benchBootstrap(filters: HttpFilter[]): Bootstrap {
  const bootstrap = withPorts(withFilters(readBootstrap(packageFile("envoy/envoy.yaml")), filters), {
    9901: 0,
    10000: 0,
  });
  const manager = bootstrap.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config as Manager;
  delete manager.access_log;
  manager.http2_protocol_options = { max_concurrent_streams: 20_000 }; // for streams that are held open
  manager.route_config.virtual_hosts[0]!.routes = [
    {
      match: { prefix: "/" },
      direct_response: { status: 200, body: { inline_string: "ok" } },
      response_headers_to_add: [{ header: { key: "x-powered-by", value: "bench" } }],
    },
  ];
  return bootstrap;
}

interface Manager extends HttpConnectionManager {
  access_log?: unknown;
  http2_protocol_options?: object;
  route_config: { virtual_hosts: { routes: object[] }[] };
}
