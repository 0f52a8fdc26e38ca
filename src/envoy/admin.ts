/** While it compiles a large module, Envoy answers nobody. */
const TIMEOUT_MS = 30_000;

/** Envoy's admin interface: the few requests that we make. */
export class Admin {
  readonly url: string;

  /** @param url such as `http://127.0.0.1:9901` */
  constructor(url: string) {
    this.url = url;
  }

  /** True where Envoy is up and every listener serves. */
  async isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/ready`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.status === 200;
  }

  /** The ports that listeners got, by the listener's name. */
  async listenerPorts(): Promise<Record<string, number>> {
    interface Status {
      name: string;
      local_address: { socket_address: { port_value: number } };
    }
    const { listener_statuses: statuses = [] } = (await this.json("/listeners?format=json")) as {
      listener_statuses?: Status[];
    };
    return Object.fromEntries(
      statuses.map(({ name, local_address }) => [name, local_address.socket_address.port_value]),
    );
  }

  /** Counters and gauges whose name matches. @param filter a regular expression, as Envoy reads it */
  async stats(filter: string): Promise<Record<string, number>> {
    const { stats } = (await this.json(`/stats?format=json&filter=${encodeURIComponent(filter)}`)) as {
      stats: { name?: string; value?: number }[];
    };
    return Object.fromEntries(
      stats.flatMap(({ name, value }) => (name === undefined || value === undefined ? [] : [[name, value]])),
    );
  }

  private async json(path: string): Promise<unknown> {
    return await (await fetch(this.url + path, { signal: AbortSignal.timeout(TIMEOUT_MS) })).json();
  }
}
