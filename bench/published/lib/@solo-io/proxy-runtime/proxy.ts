export * from "@solo-io/proxy-runtime/assembly/proxy";
