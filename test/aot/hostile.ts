// The hostile modules of the host's tests in one, which does as the configuration of its VM is long: a library for each would take long to compile.
import { HOST_FUNCTIONS } from "../../src/host/signatures.ts";
import {
  ASKS_FOR_ALL,
  call,
  callback,
  DRIVEN,
  EVERYWHERE,
  guest,
  LYING_ALLOCATORS,
  ODD_ALLOCATORS,
} from "../host/hostile.ts";

/** Of host calls, those that a dynamic module can be given. */
export const POSSIBLE = HOST_FUNCTIONS.filter(({ name }) => name !== "envoy_resolve_dns");
/** Called before the VM has its configuration: it does as usual. */
const BEFORE = "proxy_on_context_create";
const CALLBACKS = DRIVEN.filter((name) => name !== BEFORE);
/** What a callback does before all else. */
const FIRST: Record<string, string> = {
  proxy_on_vm_start: "(global.set $deed (local.get 1))",
  proxy_on_configure: `(call $ask) ${call("proxy_set_tick_period_milliseconds", 1)} ${call("proxy_register_shared_queue", 64, 8, 32)}
    (drop (call $proxy_enqueue_shared_queue (i32.load (i32.const 32)) (i32.const 64) (i32.const 8)))`,
};

/** In a callback, where the number says so. */
interface Deed {
  code: string;
  /** Default: in all callbacks. */
  only?: string;
}

const RECURSION: Deed[] = ["proxy_on_request_headers", "proxy_on_tick", "proxy_on_log", "proxy_on_done"].map(
  (only) => ({
    code: "(call $deep (i32.const 1))",
    only,
  }),
);

const DEEDS: Deed[] = [
  ...CALLBACKS.map((only) => ({ code: "unreachable", only })),
  ...RECURSION,
  ...EVERYWHERE.map(([, code]) => ({ code })),
];

/** Each asks for what allocators give. */
const ALLOCATORS = [
  ...LYING_ALLOCATORS.map(([, malloc]) => malloc),
  ...ODD_ALLOCATORS.map(([, malloc]) => malloc),
  "unreachable",
  "(call $deeper (i32.const 1)) (i32.const 4096)",
  "(drop (call $proxy_done)) (i32.const 4096)",
  `${call("proxy_get_header_map_pairs", 0, 32, 36)} (i32.const 4096)`,
];

const where = (number: number, code: string) => `(if (i32.eq (global.get $deed) (i32.const ${number})) (then ${code}))`;

/** What traps in one of them, or in `malloc`: all that can be told of in a library's log. */
export const TRAPS: string[] = [
  ...CALLBACKS.map((name) => `${name} failed: Uncaught RuntimeError: unreachable`),
  ...RECURSION.map(({ only }) => `${only} failed: Uncaught RuntimeError: Maximum call stack size exceeded`),
  ...["unreachable", "Maximum call stack size exceeded", "restricted_callback"].map(
    (reason) => `malloc failed: Uncaught RuntimeError: ${reason}`,
  ),
];

/** How many deeds there are: from 1 on. */
export const COUNT: number = DEEDS.length + ALLOCATORS.length;

export function hostile(): Uint8Array<ArrayBufferLike> {
  const bodies = CALLBACKS.map((name) => {
    const deeds = DEEDS.map(({ code, only }, i) => (only === undefined || only === name ? where(i + 1, code) : ""));
    const asks = `${call("proxy_get_header_map_pairs", 0, 32, 36)} ${call("proxy_get_property", 64, 8, 32, 36)}`;
    return callback(name, `${FIRST[name] ?? ""} ${asks} ${deeds.join("\n")}`, /re(quest|sponse)_/.test(name) ? 0 : 1);
  });
  const choice = ALLOCATORS.map(
    (malloc, i) =>
      `(if (i32.eq (global.get $deed) (i32.const ${DEEDS.length + i + 1})) (then (return (block (result i32) ${malloc}))))`,
  );
  return guest(
    `${ASKS_FOR_ALL} (global $deed (mut i32) (i32.const 0))
    (func $deep (param i32) ${call("proxy_get_property", 64, 8, 32, 36)} (call $deep (local.get 0)) (call $deep (local.get 0)))
    (func $deeper (param i32) (call $deeper (local.get 0)) (call $deeper (local.get 0)))
    ${callback(BEFORE, "")}
    ${bodies.join("\n")}`,
    { malloc: `${choice.join("\n")} (i32.const 4096)`, functions: POSSIBLE },
  );
}
