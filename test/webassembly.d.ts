// Node has it, its type declarations have not; the DOM's would bring a browser along.
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: { exports: Exports } }>;
}
