// What a filter sees and writes of a body that it holds, when its callback has returned. As an Envoy has it: test/sdks.
import { expect, test } from "vitest";
import loadWabt from "wabt";
import { Host, type HttpStream } from "../../src/host/index.ts";

/** Holds a body, and at the trailers puts `<` in front of all there is of it and writes its size into a trailer. */
const GUEST = `(module
  (import "env" "proxy_get_buffer_status" (func $status (param i32 i32 i32) (result i32)))
  (import "env" "proxy_set_buffer_bytes" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "<size0")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) i32.const 1024)
  (func $hold (export "proxy_on_request_body") (param i32 i32 i32) (result i32) i32.const 1)
  (export "proxy_on_response_body" (func $hold))
  (func (export "proxy_on_request_trailers") (param i32 i32) (result i32)
    (call $rewrite (i32.const 0) (i32.const 1)))
  (func (export "proxy_on_response_trailers") (param i32 i32) (result i32)
    (call $rewrite (i32.const 1) (i32.const 3)))
  (func $rewrite (param $buffer i32) (param $map i32) (result i32)
    (drop (call $status (local.get $buffer) (i32.const 64) (i32.const 68)))
    (i32.store8 (i32.const 5) (i32.add (i32.const 48) (i32.load (i32.const 64))))
    (drop (call $add (local.get $map) (i32.const 1) (i32.const 4) (i32.const 5) (i32.const 1)))
    (drop (call $set (local.get $buffer) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1)))
    (i32.const 0)))`;

async function openStream(): Promise<HttpStream> {
  const { parseWat } = await loadWabt();
  return new Host().load({ wasm: parseWat("held-body.wat", GUEST).toBinary({}).buffer }).openStream();
}

const sent = (body: string, size: number) => ({ body, trailers: [["size", String(size)]], isComplete: true });

test.for([[["one"]], [["one", "two"]], [["one", "two", "six"]]])(
  "a body of the pieces %j is at hand, whole, when the trailers come",
  async ([pieces]) => {
    const stream = await openStream();
    stream.sendRequestHeaders([[":method", "POST"]], false);
    for (const piece of pieces!) stream.sendRequestBody(piece, false);
    stream.sendRequestTrailers([]);
    stream.sendResponseHeaders([[":status", "200"]], false);
    for (const piece of pieces!) stream.sendResponseBody(piece, false);
    stream.sendResponseTrailers([]);
    const whole = pieces!.join("");
    expect(stream.upstream).toEqual({ headers: [[":method", "POST"]], ...sent(`<${whole}`, whole.length) });
    expect(stream.downstream).toEqual({ headers: [[":status", "200"]], ...sent(`<${whole}`, whole.length) });
  },
);
