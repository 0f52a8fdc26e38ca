import { BufferType, LogLevel, MapType, MetricType, Result, StreamType } from "./abi.ts";
import { type ByteString, decodeUtf8 } from "./bytes.ts";
import type { GuestMemory } from "./memory.ts";
import { decodePairs } from "./pairs.ts";

/** A value as a trace shows it: a number, a text, the name of an enumeration's value, or a list of pairs. */
export type TraceValue = number | bigint | string | [name: string, value: string][];

/** A call between host and module, either way. */
export type TraceEvent =
  | { direction: "callback"; name: string; args: number[] }
  | {
      direction: "host call";
      name: string;
      /** What the module has given, texts read out of its memory. */
      args: TraceValue[];
      /** What the call answers: a `proxy_result_t`, of WASI an errno. */
      result: number;
      /** What it has given to the module through pointers. */
      given: TraceValue[];
    };

/**
 * Parameters of host calls. In: i a number, t a text (two numbers), p pairs (two), and m, b, s, l, k numbers of which each
 * stands for a name. Out, through pointers: n 32 bits, N 64 bits, o a text (two pointers), q pairs (two).
 */
const PARAMETERS: Record<string, string> = {
  proxy_log: "lt",
  proxy_get_log_level: "n",
  proxy_get_status: "no",
  proxy_get_property: "to",
  proxy_set_property: "tt",
  proxy_get_current_time_nanoseconds: "N",
  proxy_set_tick_period_milliseconds: "i",
  proxy_add_header_map_value: "mtt",
  proxy_replace_header_map_value: "mtt",
  proxy_get_header_map_value: "mto",
  proxy_remove_header_map_value: "mt",
  proxy_get_header_map_pairs: "mq",
  proxy_set_header_map_pairs: "mp",
  proxy_get_header_map_size: "mn",
  proxy_get_buffer_bytes: "biio",
  proxy_get_buffer_status: "bnn",
  proxy_set_buffer_bytes: "biit",
  proxy_continue_stream: "s",
  proxy_close_stream: "s",
  proxy_send_local_response: "ittpi",
  proxy_http_call: "tptpin",
  proxy_grpc_call: "tttptin",
  proxy_grpc_stream: "tttpn",
  proxy_grpc_send: "iti",
  proxy_get_shared_data: "ton",
  proxy_set_shared_data: "tti",
  proxy_register_shared_queue: "tn",
  proxy_resolve_shared_queue: "ttn",
  proxy_enqueue_shared_queue: "it",
  proxy_dequeue_shared_queue: "io",
  proxy_define_metric: "ktn",
  proxy_get_metric: "iN",
  proxy_call_foreign_function: "tto",
};

const NAMES: Record<string, readonly string[]> = {
  m: Object.keys(MapType),
  b: Object.keys(BufferType),
  s: Object.keys(StreamType),
  k: Object.keys(MetricType),
  l: LogLevel,
};
const RESULTS = Object.keys(Result);
const TWO_NUMBERS = "tpoq";
const OUT = "nNoq";

/** @internal Reads a host call's arguments out of the module's memory. @returns them, and what reads its results when it has been made */
export function readCall(
  name: string,
  raw: readonly (number | bigint)[],
  memory: GuestMemory,
): { args: TraceValue[]; readGiven: () => TraceValue[] } {
  const kinds = [...(PARAMETERS[name] ?? "i".repeat(raw.length))];
  const args: TraceValue[] = [];
  const outs: (() => TraceValue | undefined)[] = [];
  let at = 0;
  for (const kind of kinds) {
    const first = raw[at] ?? 0;
    const second = Number(raw[at + 1] ?? 0);
    at += TWO_NUMBERS.includes(kind) ? 2 : 1;
    if (OUT.includes(kind)) outs.push(() => readOut(kind, Number(first), second, memory));
    else args.push(readIn(kind, first, second, memory));
  }
  return { args, readGiven: () => outs.map((read) => read()).filter((value) => value !== undefined) };
}

function readIn(kind: string, first: number | bigint, second: number, memory: GuestMemory): TraceValue {
  if (kind === "t" || kind === "p") return readText(kind === "p", memory.read(Number(first), second));
  return NAMES[kind]?.[Number(first)] ?? first;
}

function readOut(kind: string, first: number, second: number, memory: GuestMemory): TraceValue | undefined {
  if (kind === "n") return memory.readU32(first);
  if (kind === "N") {
    const bytes = memory.read(first, 8);
    return bytes && [...bytes].reduceRight((value, byte) => (value << 8n) | BigInt(byte.charCodeAt(0)), 0n);
  }
  const [address, size] = [memory.readU32(first), memory.readU32(second)];
  return address === undefined || size === undefined ? undefined : readText(kind === "q", memory.read(address, size));
}

function readText(isPairs: boolean, bytes: ByteString | undefined): TraceValue {
  if (bytes === undefined) return "(not in memory)";
  if (!isPairs) return decodeUtf8(bytes);
  return decodePairs(bytes).map(([name, value]) => [decodeUtf8(name), decodeUtf8(value)]);
}

/** An event on one line, such as `proxy_get_header_map_value(RequestHeaders, "x-a") -> Ok "1"`. */
export function traceLine(event: TraceEvent): string {
  if (event.direction === "callback") return `${event.name}(${event.args.join(", ")})`;
  const { name, args, result, given } = event;
  const enumerated = (NAMES[PARAMETERS[name]?.[0] ?? ""] ?? []) as readonly unknown[];
  const shown = args.map((arg, i) => (i === 0 && enumerated.includes(arg) ? String(arg) : show(arg)));
  const answer = name.startsWith("proxy_") ? (RESULTS[result] ?? String(result)) : String(result);
  const values = result === Result.Ok ? given.map((value) => ` ${show(value)}`).join("") : "";
  return `${name}(${shown.join(", ")}) -> ${answer}${values}`;
}

function show(value: TraceValue): string {
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
