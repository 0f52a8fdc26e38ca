// The headers filter, and which object it made last.

export * from "filterwright/assembly/filters/headers/index";
export { newestObject } from "filterwright/assembly/heap/objects";
