export * from "filterwright/assembly";
