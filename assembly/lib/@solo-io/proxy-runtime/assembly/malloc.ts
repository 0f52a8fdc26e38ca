export { free, malloc } from "filterwright/assembly/runtime/memory";
