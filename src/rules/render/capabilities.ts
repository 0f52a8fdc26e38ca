import type { Operation, Plan } from "../plan.ts";

/** What the filter calls whatever its rules are. */
const ALWAYS = [
  "proxy_define_metric",
  "proxy_get_buffer_bytes",
  "proxy_get_log_level",
  "proxy_increment_metric",
  "proxy_log",
  "proxy_on_configure",
  "proxy_on_delete",
  "proxy_on_tick",
  "proxy_set_tick_period_milliseconds",
];

const READ = "proxy_get_header_map_pairs";
const ADD = "proxy_add_header_map_value";
const REPLACE = "proxy_replace_header_map_value";
const REMOVE = "proxy_remove_header_map_value";

/**
 * The capabilities that a plan needs, in order: host calls, and callbacks, of which each costs something on every request. What is
 * not among them Envoy denies (`capability_restriction_config`): a request has no callback that does nothing.
 */
export function capabilitiesOf(plan: Plan): string[] {
  const needed = new Set(ALWAYS);
  const { needs, rules } = plan;
  const ofRequests = rules.flatMap(({ request }) => request);
  const ofResponses = [...rules.flatMap(({ response }) => response), ...plan.securityHeaders];
  for (const operation of [...ofRequests, ...ofResponses]) for (const call of callsOf(operation)) needed.add(call);
  if (plan.limits || rules.some(asks) || JSON.stringify(plan).includes('"operator"')) needed.add(READ);
  if (rules.some(({ isShadow }) => isShadow)) needed.add(READ);
  const isSettledByResponse = rules.some(({ matches }) => JSON.stringify(matches).match(/"response":\[[^\]]/));
  const stops = rules.some((rule) => rule.stops);
  if (ofRequests.length > 0 || plan.limits || needs.state || stops) needed.add("proxy_on_request_headers");
  if (ofResponses.length > 0 || stops || isSettledByResponse) needed.add("proxy_on_response_headers");
  if (needs.property) needed.add("proxy_get_property");
  if (needs.setProperty) needed.add("proxy_set_property");
  if (needs.random) needed.add("random_get");
  if (needs.environment.length > 0) needed.add("environ_get").add("environ_sizes_get");
  if (plan.limits || plan.failsClosed) needed.add("proxy_send_local_response");
  return [...needed].sort();
}

/** Whether a rule asks anything of a message. */
function asks({ matches, share }: Plan["rules"][number]): boolean {
  return matches.length > 0 || share !== undefined;
}

function callsOf(operation: Operation): string[] {
  switch (operation.operation) {
    case "set":
      return operation.values.length > 1 ? [REPLACE, ADD] : [REPLACE];
    case "add":
      return [ADD];
    case "addIfAbsent":
      return [READ, ADD];
    case "remove":
      return [REMOVE];
    case "removeMatching":
    case "retain":
      return [READ, REMOVE];
    default:
      return [READ, ADD, REPLACE, REMOVE];
  }
}
