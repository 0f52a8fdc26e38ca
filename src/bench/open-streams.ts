import { connect } from "node:http2";
import { FilterwrightError } from "../errors.ts";
import type { HttpFilter } from "../envoy/bootstrap.ts";

/** Holds the requests that ask for it, so that their streams stay open: Envoy's own fault filter, for an hour. */
export const holdFilter: HttpFilter = {
  name: "envoy.filters.http.fault",
  typed_config: {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
    headers: [{ name: "x-hold", present_match: true }],
    delay: { fixed_delay: "3600s", percentage: { numerator: 100 } },
  },
};

/** @returns closes them */
export async function openStreams(port: number, count: number, isOpen: () => Promise<number>): Promise<() => void> {
  if (count === 0) return () => {};
  const session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 65_535 } });
  session.on("error", () => {}); // Envoy ends before we do
  await new Promise<void>((resolve) => session.once("remoteSettings", () => resolve()));
  for (let i = 0; i < count; i++) {
    const stream = session.request({ ":path": "/", "x-hold": "1" }, { endStream: true });
    stream.on("error", () => {});
  }
  const deadline = Date.now() + 300_000;
  while ((await isOpen()) < count) {
    if (Date.now() > deadline)
      throw new FilterwrightError("FW_ENVOY_TIMEOUT", `expected ${count} open streams, found ${await isOpen()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return () => session.destroy();
}
