// Loaded into the process that runs wabt's wasm2c, before it. wasm2c calls itself for each block within a block, and has 64 KiB of stack in
// its memory: too little for what Go compiles, where a function has a block for each place at which it may be left and entered again. So its
// stack is moved to the end of a larger memory, which its heap does not reach. Pages that nobody touches take no memory.

const PAGE = 65_536;
const END = 1 << 30;
/** Beside the stack's end. */
const SPARE = 64;

const instantiate = WebAssembly.instantiate as (...args: unknown[]) => Promise<{ instance: WebAssembly.Instance }>;

WebAssembly.instantiate = (async (...args: unknown[]) => {
  const made = await instantiate(...args);
  moveStack(made.instance.exports);
  return made;
}) as typeof WebAssembly.instantiate;

function moveStack(exports: WebAssembly.Exports): void {
  const all = Object.values(exports);
  const memory = all.find((it) => it instanceof WebAssembly.Memory);
  // Emscripten's `stackAlloc`, by its parameter: its own name is shortened. It moves the stack's pointer down, or up by a negative size.
  const allocate = all.find((it): it is (size: number) => number => typeof it === "function" && it.length === 1);
  if (!memory || !allocate)
    throw new Error("expected wasm2c to be what Emscripten makes, with a memory and stackAlloc");
  memory.grow((END - memory.buffer.byteLength) / PAGE);
  allocate(allocate(0) - END + SPARE);
}
