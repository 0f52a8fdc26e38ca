export * from "filterwright/assembly";
export * from "filterwright/assembly/runtime/published";
