import { aotConfig } from "../envoy/aot-config.ts";
import { type Bootstrap, type HttpFilter, withEachFilter } from "../envoy/bootstrap.ts";
import type { TypedConfig } from "../envoy/swap.ts";
import { WASM } from "../envoy/wasm-config.ts";
import { cachedLibrary } from "./cache.ts";

/**
 * The same configuration, with the modules of its Wasm filters compiled ahead of time.
 *
 * @param libraryOf gives the path of a module's library. Default: `cachedLibrary`
 * @throws FilterwrightError what `compileLibrary` throws
 */
export async function aotBootstrap(bootstrap: Bootstrap, libraryOf = cachedLibrary): Promise<Bootstrap> {
  const modules = new Set<string>();
  withEachFilter(bootstrap, (filter) => {
    const file = moduleOf(filter);
    if (file !== undefined) modules.add(file);
    return filter;
  });
  const libraries = new Map<string, string>();
  for (const file of modules) libraries.set(file, await libraryOf(file));
  return withEachFilter(bootstrap, (filter) => {
    const file = moduleOf(filter);
    if (file === undefined) return filter;
    return { ...filter, typed_config: aotConfig(filter.typed_config as TypedConfig, libraries.get(file)!) };
  });
}

/** The module of a Wasm filter that has one in a file. */
export function moduleOf({ typed_config: typed }: HttpFilter): string | undefined {
  const { "@type": type, config } = (typed ?? {}) as {
    "@type"?: string;
    config?: { vm_config?: { code?: { local?: { filename?: string } } } };
  };
  return type === WASM ? config?.vm_config?.code?.local?.filename : undefined;
}
