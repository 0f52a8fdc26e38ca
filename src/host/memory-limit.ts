import { Section } from "./wasm-module.ts";
import { WasmReader } from "./wasm-reader.ts";

/** Bytes that Envoy lets a module have: proxy-wasm-cpp-host's limits.h. */
export const DEFAULT_MAX_MEMORY = 1024 ** 3;

const PAGE_SIZE = 65_536;
/** What 32 bits can address. */
const ADDRESSABLE_PAGES = 65_536;
const HAS_MAXIMUM = 1;

/** The whole pages in so many bytes. */
export function pagesIn(bytes: number): number {
  return Math.min(Math.floor(bytes / PAGE_SIZE), ADDRESSABLE_PAGES);
}

/**
 * The module with a maximum for every memory that it declares, so that growing beyond it answers -1. V8 has an option for that,
 * which Envoy sets; JavaScript has none. A memory that is imported gets its maximum where it is made.
 *
 * @param bytes a module that the engine has compiled, with no more pages than `maximum` at first
 */
export function withMemoryLimit(bytes: Uint8Array, maximum: number): Uint8Array {
  const reader = new WasmReader(bytes);
  reader.at = 8; // behind the magic number and the version
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.byte();
    const section = new WasmReader(reader.take(reader.number()));
    if (id !== Section.Memory) continue;
    const memories = section.each(() => limited(section, maximum));
    const content = [...encode(memories.length), ...memories.flat()];
    return joined(bytes.subarray(0, start), [id, ...encode(content.length), ...content], bytes.subarray(reader.at));
  }
  return bytes;
}

/** Flags, pages at first and at most, as the section has them. */
function limited(section: WasmReader, maximum: number): number[] {
  const flags = section.byte();
  const initial = section.number();
  const declared = (flags & HAS_MAXIMUM) !== 0 ? section.number() : maximum;
  return [flags | HAS_MAXIMUM, ...encode(initial), ...encode(Math.min(declared, maximum))];
}

function joined(...parts: ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** LEB128, unsigned. */
function encode(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...encode(Math.floor(value / 0x80))];
}
