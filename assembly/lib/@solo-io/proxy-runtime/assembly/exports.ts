export * from "filterwright/assembly/proxy";
