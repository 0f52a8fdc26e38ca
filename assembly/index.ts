export * from "@solo-io/proxy-runtime/assembly/index";
export { RootContext } from "filterwright/assembly/runtime/root-context";
