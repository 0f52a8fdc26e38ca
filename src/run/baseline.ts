import type { CaseRequest } from "../cases/case-file.ts";
import type { HeaderLine, ReceivedRequest, Response } from "../echo/exchange.ts";
import { Host, Proxy } from "../host/index.ts";
import { type Change, requestChanges, responseChanges } from "./changes.ts";
import type { Outcome } from "./runner.ts";

/**
 * What a filter changed: in what its exchange differs from the same exchange through no filter at all, on the TypeScript
 * host. What Envoy itself adds is in both, and so no change.
 */
export function changesOf(request: CaseRequest, { received, answer, response }: Outcome): Change[] {
  const plain = throughNoFilter(request, answer);
  const isDated = answer?.headers.some(([name]) => name.toLowerCase() === "date") ?? false;
  const changes = received ? requestChanges(comparable(plain.received, true), comparable(received, true)) : [];
  if (!response) return changes;
  if (plain.response) {
    changes.push(...responseChanges(comparable(plain.response, isDated), comparable(response, isDated)));
  } else {
    // There is nothing to hold it against, but what Envoy adds to every response.
    const headers = response.headers.filter(([name]) => !["date", "server"].includes(name.toLowerCase()));
    changes.push(...responseChanges(undefined, comparable({ ...response, headers }, true)));
  }
  return changes;
}

function throughNoFilter(
  request: CaseRequest,
  answer: Response | undefined,
): { received: ReceivedRequest; response: Response | undefined } {
  const exchange = new Proxy(new Host(), []).send(request, answer ? { upstream: answer } : {});
  return { received: exchange.received!, response: exchange.response };
}

/** They belong to a connection, not to a message. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"]);

/** Lines without those that belong to a connection. */
export function endToEnd(headers: readonly HeaderLine[]): HeaderLine[] {
  return headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
}

/** A message without what differs whatever a filter does. @param isDated its date is not Envoy's */
function comparable<M extends { headers: HeaderLine[] }>(message: M, isDated: boolean): M {
  const headers = endToEnd(message.headers)
    // No body, told or untold.
    .filter(([name, value]) => !(name.toLowerCase() === "content-length" && value === "0"))
    .map(([name, value]): HeaderLine => {
      const lower = name.toLowerCase();
      if (lower === "x-envoy-upstream-service-time") return [name, "(ms)"];
      return lower === "date" && !isDated ? [name, "(now)"] : [name, value];
    });
  return { ...message, headers };
}
