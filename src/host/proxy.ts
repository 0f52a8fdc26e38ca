import { expectBytes, expectPairs } from "./bytes.ts";
import type { Host } from "./host.ts";
import type { Plugin } from "./plugin.ts";
import { over, ProxyExchange, type ProxyOptions, toChunks } from "./proxy-exchange.ts";
import type { ProxyRequest } from "./proxy-message.ts";

/** An Envoy as envoy/envoy.yaml configures it: connection manager and router around plugins, a client and an upstream. */
export class Proxy {
  private readonly host: Host;
  private readonly plugins: readonly Plugin[];
  private readonly options: ProxyOptions;

  /**
   * @param plugins of that host, in the order in which requests meet them
   * @throws FilterwrightError FW_USAGE
   */
  constructor(host: Host, plugins: readonly Plugin[], options: ProxyOptions = {}) {
    host.expectOwn(plugins);
    this.host = host;
    this.plugins = plugins;
    this.options = options;
  }

  /** A client sends a request; it goes as far as the filters let it. @throws FilterwrightError FW_USAGE on what is no bytes */
  send(request: ProxyRequest = {}, options: ProxyOptions = {}): ProxyExchange {
    const chunks = toChunks(request.body);
    const { trailers = [] } = request;
    expectBytes(...chunks);
    expectPairs(trailers);
    if (chunks.length === 0 && trailers.length === 0) return this.begin(request, options, true);
    const exchange = this.begin(request, options, false);
    for (const chunk of chunks) exchange.sendBody(chunk);
    if (trailers.length > 0) exchange.sendTrailers(trailers);
    else exchange.sendBody("", true);
    return exchange;
  }

  /** A client begins a request: its headers. What follows is sent through the exchange, to an end. */
  open(request: Omit<ProxyRequest, "body" | "trailers"> = {}, options: ProxyOptions = {}): ProxyExchange {
    return this.begin(request, options, false);
  }

  private begin(request: ProxyRequest, options: ProxyOptions, isEnd: boolean): ProxyExchange {
    return new ProxyExchange(this.host, this.plugins, request, over(this.options, options), isEnd);
  }
}
