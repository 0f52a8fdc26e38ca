import { aotBootstrap } from "../aot/bootstrap.ts";
import { EchoControl } from "../echo/control.ts";
import { type Echo, startEcho } from "../echo/server.ts";
import { FilterwrightError } from "../errors.ts";
import {
  type Bootstrap,
  listeningAddresses,
  readBootstrap,
  withPorts,
  withProxyProtocol,
  withTrailers,
} from "../envoy/bootstrap.ts";
import { type RunningEnvoy, type StartOptions, startEnvoy } from "../envoy/start.ts";
import { type SwappableEnvoy, startSwappable } from "../envoy/swap.ts";
import { packageFile } from "../package-files.ts";
import type { Backend, Target } from "./backend.ts";
import {
  type BackendName,
  type CaseFile,
  configuredAs,
  type EnvoyBackendName,
  type EnvoySetup,
  type FilterSetup,
} from "./case-file.ts";
import { fixedBackend } from "./fixed-backend.ts";
import { HostRunner, hostBackend } from "./host-backend.ts";
import { swappableBackend } from "./swappable-backend.ts";

/** The port of the upstream in our Envoy configurations. */
const UPSTREAM_PORT = 10080;

/** Back ends with the servers that they need: an echo upstream, and one Envoy for all filters. */
export class Backends {
  /** The Envoys that are running for them. */
  readonly envoys: RunningEnvoy[] = [];
  private readonly options: Partial<StartOptions>;
  private readonly closers: (() => Promise<void>)[] = [];
  private readonly opened = new Map<string, Promise<Backend>>();
  private host: HostRunner | undefined;
  private shared: Promise<{ envoy: SwappableEnvoy; target: Target }> | undefined;

  /** @param options for its Envoys. One worker, unless told otherwise: a filter keeps its state from case to case. */
  constructor(options: Partial<StartOptions> = {}) {
    this.options = { concurrency: 1, ...options };
  }

  /** @throws FilterwrightError what `startEnvoy` and `readBootstrap` throw */
  open(file: CaseFile, name: BackendName): Promise<Backend> {
    const key = `${name} ${file.path}`;
    const known = this.opened.get(key);
    if (known) return known;
    const backend = this.openNew(file, name);
    this.opened.set(key, backend);
    return backend;
  }

  async close(): Promise<void> {
    for (const close of this.closers.toReversed()) await close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async openNew(file: CaseFile, name: BackendName): Promise<Backend> {
    if (name === "host") return hostBackend(file, this.openHost());
    return file.setup.kind === "filter" ? this.openFilter(name, file.setup) : this.openEnvoy(name, file);
  }

  /** One process for all files. */
  private openHost(): HostRunner {
    if (!this.host) this.closers.push(() => this.host!.close());
    return (this.host ??= new HostRunner());
  }

  private async openFilter(name: EnvoyBackendName, setup: FilterSetup): Promise<Backend> {
    this.shared ??= this.startShared();
    const { envoy, target } = await this.shared;
    return swappableBackend(name, setup, envoy, target);
  }

  private async startShared(): Promise<{ envoy: SwappableEnvoy; target: Target }> {
    const echo = await this.startUpstream();
    const demo = onFreePorts(readBootstrap(packageFile("envoy/envoy.yaml")), echo);
    const bootstrap = withProxyProtocol(withTrailers(demo));
    const envoy = await startSwappable({ ...this.options, bootstrap });
    this.envoys.push(envoy.envoy);
    this.closers.push(() => envoy.stop());
    return { envoy, target: targetOf(envoy.envoy, echo) };
  }

  private async openEnvoy(name: EnvoyBackendName, file: CaseFile): Promise<Backend> {
    const kind = configuredAs(name);
    const configFile = (file.setup as EnvoySetup).files[kind];
    if (configFile === undefined)
      throw new FilterwrightError("FW_CASE_FILE", `${file.path}: expected envoy.${kind}, found none`);
    const read = readBootstrap(configFile);
    const bootstrap = name === "aot" ? await aotBootstrap(read) : read;
    const echo = await this.startUpstream();
    const envoy = await startEnvoy({ ...this.options, bootstrap: onFreePorts(bootstrap, echo) });
    this.envoys.push(envoy);
    this.closers.push(() => envoy.stop());
    return fixedBackend(name, targetOf(envoy, echo));
  }

  private async startUpstream(): Promise<Echo> {
    const echo = await startEcho();
    this.closers.push(echo.close);
    return echo;
  }
}

/** Cases on an Envoy that somebody else runs. @param url of its listener @param control of the echo upstream behind it */
export function openUrl(name: BackendName, url: string, control: string): Backend {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "http:") throw new FilterwrightError("FW_USAGE", `expected an http:// address, found ${url}`);
  return fixedBackend(name, {
    destination: { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) },
    upstream: new EchoControl(control),
  });
}

/** The same configuration on ports that nobody else has, in front of this upstream. */
export function onFreePorts(bootstrap: Bootstrap, echo: Echo): Bootstrap {
  const ports = Object.fromEntries(listeningAddresses(bootstrap).map(({ port_value }) => [port_value, 0]));
  return withPorts(bootstrap, { ...ports, [UPSTREAM_PORT]: echo.port });
}

export function targetOf(envoy: RunningEnvoy, echo: Echo): Target {
  return {
    destination: { host: "127.0.0.1", port: envoy.port },
    upstream: new EchoControl(`http://127.0.0.1:${echo.controlPort}`),
    envoy,
  };
}
