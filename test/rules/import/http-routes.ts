import { stringify } from "yaml";

export interface RouteRule {
  name?: string;
  matches?: object[];
  filters?: object[];
  [key: string]: unknown;
}

export const set = (value: string) => ({
  type: "RequestHeaderModifier",
  requestHeaderModifier: { set: [{ name: "X-Rule", value }] },
});
export const prefix = (value: string) => ({ path: { type: "PathPrefix", value } });

/** An HTTPRoute. */
export function route(rules: RouteRule[], more: { name?: string; created?: string; hostnames?: string[] } = {}) {
  const { name = "r", created, hostnames } = more;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, ...(created && { creationTimestamp: created }) },
    spec: { parentRefs: [{ name: "gw" }], ...(hostnames && { hostnames }), rules },
  };
}

/** A file of several. */
export const documents = (...routes: object[]) => routes.map((document) => stringify(document)).join("---\n");
export const modifier = (requestHeaderModifier: object) => ({ type: "RequestHeaderModifier", requestHeaderModifier });
