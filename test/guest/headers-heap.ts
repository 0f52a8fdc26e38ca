// The headers filter with assertions, how many objects it has made, and none that can be used after it was freed.

export * from "filterwright/assembly/filters/headers/index";
export { objectsMade } from "filterwright/assembly/heap/regions";

// @ts-ignore: decorator
@global
const OVERWRITES_FREED: bool = true;
