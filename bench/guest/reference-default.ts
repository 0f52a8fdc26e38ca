// The reference job with the runtime that filters get without a word about it.

export * from "@solo-io/proxy-runtime/proxy";
import "./reference-all";
