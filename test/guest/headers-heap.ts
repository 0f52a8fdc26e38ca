// The headers filter, and how many objects it has made.

export * from "filterwright/assembly/filters/headers/index";
export { objectsMade } from "filterwright/assembly/heap/regions";
