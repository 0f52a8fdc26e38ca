// A module that makes host calls with arguments at random, in every callback, and answers at random.
import { CALLBACK_NAMES, HOST_FUNCTIONS } from "../../src/host/signatures.ts";
import { encodePairs } from "../../src/host/pairs.ts";
import { callback, data, guest } from "../host/hostile.ts";

/** What Envoy gives no dynamic module, and what ends the module. */
const LEFT_OUT = new Set(["envoy_resolve_dns", "proc_exit"]);

const random = (letter: string) => (letter === "l" ? "(i64.extend_i32_s (call $argument))" : "(call $argument)");

const FUNCTIONS = HOST_FUNCTIONS.filter(({ name }) => !LEFT_OUT.has(name));
const CALLS = FUNCTIONS.map(({ name, type }) => {
  const [parameters = "", result] = type.split(":");
  const made = `(call $${name} ${[...parameters].map(random).join(" ")})`;
  return result === "" ? made : `(drop ${made})`;
});

/** Calls one of them: a block for each, and its call after its end. */
const CHOICE = CALLS.reduce(
  (inner, made, i) => `(block $call${i} ${inner})\n${made} (return)`,
  `(br_table ${CALLS.map((_, i) => `$call${i}`).join(" ")} (call $below (i32.const ${CALLS.length})))`,
);

/** Where arguments point to, when they mean something. */
const TEXTS = [
  "x-a",
  ":path",
  "request\0path",
  "calls",
  "configured",
  encodePairs([
    [":method", "GET"],
    [":path", "/"],
    [":authority", "a"],
  ]),
  encodePairs([["x-new", "1"]]),
  "set_envoy_filter_state",
  "\x0a\x0cenvoy.string\x12\x01a",
];

/** Of the callbacks, those that Envoy's dynamic modules can bring about. */
const CALLED = CALLBACK_NAMES.filter((name) => name.startsWith("proxy_on_"));

/** Its numbers begin at the length of the VM's configuration. */
export const randomCalls = (): Uint8Array =>
  guest(
    `${TEXTS.map((text, i) => data(256 * i, text)).join("\n")}
    (global $state (mut i32) (i32.const 1))
    (func $below (param $limit i32) (result i32)
      (global.set $state (i32.add (i32.mul (global.get $state) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.rem_u (i32.shr_u (global.get $state) (i32.const 8)) (local.get $limit)))
    (func $argument (result i32)
      (block $far (block $edge (block $near (block $size (block $text (block $small
        (br_table $small $small $small $text $text $text $size $size $near $edge $far (call $below (i32.const 11))))
        (return (call $below (i32.const 10))))
        (return (i32.mul (i32.const 256) (call $below (i32.const ${TEXTS.length})))))
        (return (call $below (i32.const 70))))
        (return (call $below (i32.const 65536))))
        (return (i32.sub (i32.mul (memory.size) (i32.const 65536)) (call $below (i32.const 9)))))
      (i32.sub (i32.const 4) (i32.shl (i32.const 1) (call $below (i32.const 32)))))
    (func $call ${CHOICE})
    (func $act
      (local $calls i32)
      (local.set $calls (call $below (i32.const 40)))
      (loop $next
        (if (local.get $calls) (then
          (call $call)
          (local.set $calls (i32.sub (local.get $calls) (i32.const 1)))
          (br $next))))
      (if (i32.eqz (call $below (i32.const 50))) (then (drop (memory.grow (i32.const 1)))))
      (if (i32.eqz (call $below (i32.const 200))) (then unreachable)))
    ${CALLED.map((name) =>
      name === "proxy_on_vm_start"
        ? callback(name, "(global.set $state (local.get 1)) (call $act)")
        : callback(name, "(call $act)", name === "proxy_on_configure" ? 1 : "(call $below (i32.const 5))"),
    ).join("\n")}`,
    {
      malloc: `(if (i32.eqz (call $below (i32.const 300))) (then unreachable))
        (if (call $below (i32.const 10)) (then (return (i32.add (i32.const 8192) (call $below (i32.const 8192)))))) (call $argument)`,
      memory: `(memory (export "memory") 1 4)`,
      functions: FUNCTIONS,
    },
  );
