/** Framing and hop-by-hop headers, which rules neither write nor remove: as assembly/filters/headers/names.ts has them. */
export const FRAMING = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-length",
];

/** What Envoy finds routes by: no rule removes it. On a request, `host` is `:authority`. */
export const FOR_ROUTES = ["host", "x-forwarded-proto"];
