import { createServer } from "node:net";
import { FilterwrightError } from "../errors.ts";

/**
 * Makes sure that nobody listens on these addresses. Envoy does not notice another Envoy there: both set
 * SO_REUSEPORT, and the kernel deals connections out to the two of them.
 *
 * @throws FilterwrightError FW_PORT_BUSY
 */
export async function requireFreePorts(addresses: { address: string; port_value: number }[]): Promise<void> {
  for (const { address, port_value: port } of addresses) {
    if (port === 0) continue;
    const problem = await tryToListen(address, port);
    if (problem) throw portBusy(address, port, problem);
  }
}

export function portBusy(address: string, port: number, cause: NodeJS.ErrnoException): FilterwrightError {
  return new FilterwrightError("FW_PORT_BUSY", `cannot listen on ${address}:${port}: ${cause.code ?? cause.message}`, {
    hint: `Stop what listens there (lsof -iTCP:${port} -sTCP:LISTEN shows it), or use another port.`,
    cause,
  });
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
