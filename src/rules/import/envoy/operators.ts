import type { Side } from "../header-names.ts";
import type { Place } from "../place.ts";

/** `%NAME(ARGUMENTS):LENGTH%` as Envoy reads it. */
const OPERATOR = /^%([A-Z0-9_]+)(?:\((.*?)\))?(?::(\d+))?%/s;
const HEADER = /^:?[!#$&'*+.^_`|~0-9A-Za-z-]+(?:\?:?[!#$&'*+.^_`|~0-9A-Za-z-]+)?$/;
const ANY = /^[^()|%]+$/;

interface Operator {
  /** What may stand in parentheses; undefined: nothing. */
  args?: RegExp;
  /** Where it may stand without parentheses although it may have some. */
  isBare?: true;
  only?: Side;
  note?: string;
  /** As we write it, where that is not the same. */
  ours?: (args: string, length: string) => string;
}

const RESPONSE_REQ =
  "%REQ()% on a response: Envoy shows the request as later filters left it, ours as this filter's rules left it";

/** Operators of Envoy that our table has, with the same meaning. */
const OPERATORS: Record<string, Operator> = {
  REQ: { args: HEADER },
  REQUEST_HEADER: { args: HEADER },
  RESP: { args: HEADER, only: "response" },
  RESPONSE_HEADER: { args: HEADER, only: "response" },
  QUERY_PARAM: {
    args: ANY,
    // Envoy 1.40 decodes %XX and leaves + alone, as urldecode does; measured.
    ours: (args) => `%QUERY_PARAM(${args})|urldecode%`,
    note: "%QUERY_PARAM()%: where a parameter has a broken escape such as %zz, Envoy writes it as it is, and ours skips the write",
  },
  PATH: { args: /^(?:WQ|NQ)?(?::PATH)$|^(?:WQ(?::ORIG(?:_OR_PATH)?)?)?$/, isBare: true, ours: path },
  ENVIRONMENT: {
    args: ANY,
    note: "%ENVIRONMENT()%: the plugin's VM needs the variable in vm_config.environment_variables",
  },
  UNIQUE_ID: {},
  START_TIME: { args: /^[^()|]*$/, isBare: true },
  PROTOCOL: {},
  DOWNSTREAM_REMOTE_ADDRESS: {},
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: {},
  DOWNSTREAM_REMOTE_PORT: {},
  DOWNSTREAM_LOCAL_ADDRESS: {},
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: {},
  DOWNSTREAM_LOCAL_PORT: {},
  REQUESTED_SERVER_NAME: {},
  DOWNSTREAM_TLS_VERSION: {},
  DOWNSTREAM_PEER_URI_SAN: {},
  DOWNSTREAM_PEER_SUBJECT: {},
  ROUTE_NAME: {},
  VIRTUAL_HOST_NAME: {},
  UPSTREAM_CLUSTER: {},
  UPSTREAM_HOST: { only: "response" },
  RESPONSE_CODE: { only: "response" },
  RESPONSE_CODE_DETAILS: { only: "response" },
  DYNAMIC_METADATA: { args: ANY },
  FILTER_STATE: { args: /^[^():|%]+:PLAIN$/, ours: (args, length) => `%FILTER_STATE(${args.slice(0, -6)})${length}%` },
};

/** A value of Envoy's as a template of ours; undefined where it has none, which is refused then. */
export function envoyTemplate(at: Place, value: string, side: Side): string | undefined {
  let template = "";
  for (let rest = value; rest !== "";) {
    const plain = /^(?:[^%]|%%)+/s.exec(rest)?.[0];
    const operator = plain === undefined ? OPERATOR.exec(rest) : undefined;
    const ours = plain ?? (operator ? ourOperator(at, operator, side) : refuse(at, rest, "is no operator of Envoy's"));
    if (ours === undefined) return undefined;
    template += ours;
    rest = rest.slice((plain ?? operator![0]).length);
  }
  return template;
}

/** True where a template may come out empty: it has no text of its own, nor an operator that always has one. */
export function mayBeEmpty(template: string): boolean {
  if (/%(?:UNIQUE_ID|START_TIME|PROTOCOL)\b/.test(template)) return false;
  return template.replaceAll("%%", "p").replace(/%[A-Z].*?%(?![^(]*\))/gs, "") === "";
}

function ourOperator(at: Place, match: RegExpExecArray, side: Side): string | undefined {
  const [whole, name = "", args, digits] = match;
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) return refuse(at, whole, "is no operator of ours");
  if (operator.only !== undefined && operator.only !== side) return refuse(at, whole, `is not known on a ${side}`);
  const fits = args === undefined ? !operator.args || operator.isBare === true : operator.args?.test(args) === true;
  if (!fits) return refuse(at, whole, "has no such argument with us");
  if (name === "QUERY_PARAM" && digits !== undefined)
    return refuse(at, whole, "is cut behind its decoding, ours before");
  if (operator.note !== undefined) at.draft.note(operator.note);
  if (side === "response" && name.startsWith("REQ") && args !== undefined) at.draft.note(RESPONSE_REQ);
  const length = digits === undefined ? "" : `:${digits}`;
  return operator.ours ? operator.ours(args ?? "", length) : whole;
}

/** Envoy's default looks at `x-envoy-original-path` first, ours at `:path` alone. */
function path(args: string, length: string): string {
  const [query, source = "ORIG_OR_PATH"] = args.split(":");
  if (source === "PATH") return `%PATH(${query || "WQ"})${length}%`;
  return `%REQ(x-envoy-original-path${source === "ORIG" ? "" : "?:path"})${length}%`;
}

function refuse(at: Place, text: string, reason: string): undefined {
  at.refuse(`${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)} ${reason}`);
  return undefined;
}
