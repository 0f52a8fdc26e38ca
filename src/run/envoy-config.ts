import type { CaseRequest } from "../cases/case-file.ts";
import { wasmConfig } from "../envoy/wasm-config.ts";
import type { HeaderLine, ReceivedRequest } from "../echo/exchange.ts";
import { type Bootstrap, readBootstrap, withFilters, withPorts, withTrailers } from "../envoy/bootstrap.ts";
import { packageFile } from "../package-files.ts";
import { type RunnerOptions, UPSTREAM } from "./runner.ts";

/**
 * What tells us which exchange a request of Envoy's belongs to: the address that we spoke to Envoy from. The router adds
 * it, behind the filter, so that the filter does not see it; calls of the filter have none.
 */
const TAG = "x-filterwright-exchange";

/** envoy/envoy.yaml with this filter alone. @param ports of the servers that stand for clusters, by their names */
export function envoyConfig(options: RunnerOptions, ports: Map<string, number>): Bootstrap {
  const { wasm, rootId, configuration, environment } = options;
  const vm = environment.length > 0 ? { environment_variables: { host_env_keys: environment } } : {};
  const filter = { name: rootId, typed_config: wasmConfig({ wasm, rootId }, configuration, vm) };
  const demo = withPorts(readBootstrap(packageFile("envoy/envoy.yaml")), {
    9901: 0,
    10000: 0,
    10080: ports.get(UPSTREAM)!,
  });
  const bootstrap = withTrailers(withFilters(demo, [filter]));
  const { listeners, clusters = [] } = bootstrap.static_resources;
  for (const { address, filter_chains: chains } of listeners) {
    address.socket_address.address = "127.0.0.1";
    const manager = chains[0]!.filters[0]!.typed_config as unknown as { route_config: object };
    Object.assign(manager.route_config, {
      request_headers_to_add: [
        {
          header: { key: TAG, value: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%" },
          append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
        },
      ],
    });
  }
  const [upstream] = clusters;
  for (const [name, port] of ports) {
    if (name !== UPSTREAM) clusters.push(clusterLike(upstream!, name, ports.get(UPSTREAM)!, port));
  }
  return bootstrap;
}

function clusterLike(cluster: object, name: string, from: number, to: number): object {
  return JSON.parse(JSON.stringify(cluster), (key, value: unknown) => {
    if (key === "name" || key === "cluster_name") return name;
    return key === "port_value" && value === from ? to : value;
  }) as object;
}

/** A request as Envoy sent it, without the tag, and the tag. */
export function untagged(request: ReceivedRequest): { tag: string | undefined; request: ReceivedRequest } {
  const isTag = ([name]: HeaderLine) => name.toLowerCase() === TAG;
  const tag = request.headers.find(isTag)?.[1];
  return { tag, request: { ...request, headers: request.headers.filter((line) => !isTag(line)) } };
}

const WITHOUT_BODY = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

/** How long the body is, said as Node would not say it by itself. */
export function framing({ method, headers, body, trailers = [] }: CaseRequest): string[] {
  if (headers.some(([name]) => name.toLowerCase() === "content-length")) return [];
  if (body !== "" || trailers.length > 0) return ["transfer-encoding", "chunked"];
  return WITHOUT_BODY.has(method) ? [] : ["content-length", "0"];
}
