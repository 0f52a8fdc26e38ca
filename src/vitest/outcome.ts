import type { Exchange } from "./exchange.ts";
import { show } from "./wanted.ts";

/** What came of an exchange, in words. */
export function outcome(exchange: Exchange): string {
  const { traps } = exchange;
  return traps.length === 0 ? fate(exchange) : `${fate(exchange)} (the filter trapped: ${traps.join("; ")})`;
}

function fate({ response, details, isHeld, isReset, request }: Exchange): string {
  if (response)
    return `${details === undefined ? "the upstream's" : "a local"} response ${response.status} ${show(response.body)}`;
  if (isReset) return "a stream that was reset";
  if (isHeld.request) return "a request that is held";
  if (isHeld.response) return "a response that is held";
  return request ? "a request that waits for its response" : "a request that is not complete";
}
