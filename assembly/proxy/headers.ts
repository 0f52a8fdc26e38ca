// The callbacks of a filter that looks at headers only, for those who build with plain asc.

export * from "filterwright/assembly/runtime/exports/lifecycle";
export * from "filterwright/assembly/runtime/exports/headers";
